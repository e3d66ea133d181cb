namespace Residuum.Optimizers;

/// <summary>Which end of a shape the merging of axes starts from.</summary>
public enum MergeFrom
{
    /// <summary>From the first axis: suits kernels [height, width, in, out].</summary>
    Left,

    /// <summary>From the last axis: suits kernels [out, in, height, width].</summary>
    Right,
}
