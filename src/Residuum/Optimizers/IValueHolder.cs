namespace Residuum.Optimizers;

/// <summary>
/// Has the values of parameters that have no memory of their own: lends a parameter its values while an operation reads them.
/// </summary>
/// <remarks>
/// So no process need hold all parameters at a time. Where several ranks divide parameters, lending may be a collective call: all ranks
/// ask for the same parameters in the same order. A parameter is asked for right before the operation that reads it, in the forward pass
/// and again in the backward pass.
/// </remarks>
public interface IValueHolder
{
    /// <summary>The bytes of all memory for values.</summary>
    long Bytes { get; }

    /// <summary>
    /// Gives a parameter its values until <see cref="Release"/>; nobody may change them. Nothing happens if the parameter has them already.
    /// </summary>
    /// <param name="parameter">One of the parameters that this holds the values of.</param>
    void Lend(Parameter parameter);

    /// <summary>
    /// The operation is done: all values that are lent return, and the parameters' <see cref="Parameter.Values"/> are empty.
    /// </summary>
    void Release();
}
