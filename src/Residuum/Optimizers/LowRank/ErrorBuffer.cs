namespace Residuum.Optimizers;

/// <summary>Where LDAdam keeps what the subspace did not (page, section 6).</summary>
public enum ErrorBuffer
{
    /// <summary>In memory of its own: 4 bytes a weight, and the gradient is left as it is.</summary>
    OwnBuffer,

    /// <summary>
    /// In the parameter's gradient, as the authors do: the step leaves the error there and the next backward pass must add to it
    /// (<see cref="Parameter.GradientHoldsError"/>).
    /// </summary>
    GradientBuffer,
}
