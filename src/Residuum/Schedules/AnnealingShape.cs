namespace Residuum.Schedules;

/// <summary>How a rate goes from one value to another.</summary>
public enum AnnealingShape
{
    /// <summary>A straight line.</summary>
    Linear,

    /// <summary>Half a cosine wave: flat at both ends.</summary>
    Cosine,

    /// <summary>1 - sqrt(x): fast at first.</summary>
    OneMinusSquareRoot,
}
