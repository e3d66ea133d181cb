namespace Residuum.Optimizers;

/// <summary>How the values of a window of sparse gradients are stored.</summary>
public enum ValueStorage
{
    /// <summary>As they are: 4 bytes.</summary>
    Float32,

    /// <summary>Rounded: 2 bytes. What rounding takes away goes into the error.</summary>
    Bfloat16,
}
