namespace Residuum.Optimizers;

/// <summary>A gradient holds NaN or infinity. Nothing of parameters or state was changed by the step that threw.</summary>
public sealed class NonFiniteGradientException : ArithmeticException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="parameter">The first parameter concerned.</param>
    /// <param name="index">The first bad index in its flat gradient.</param>
    /// <param name="value">What is there.</param>
    public NonFiniteGradientException(string parameter, long index, float value)
        : base(
            $"The gradient of parameter '{parameter}' is {(float.IsNaN(value) ? "NaN" : value > 0 ? "+infinity" : "-infinity")} "
                + $"at index {index}; the step was not taken.")
    {
        Parameter = parameter;
        Index = index;
    }

    /// <summary>The first parameter concerned.</summary>
    public string Parameter { get; }

    /// <summary>The first bad index in its flat gradient.</summary>
    public long Index { get; }
}
