namespace Residuum.Optimizers;

/// <summary>
/// Has the memory for gradients of parameters that have none of their own: lends it while a backward pass adds to a gradient, and takes the
/// gradient when it is complete.
/// </summary>
/// <remarks>
/// So no process need hold all gradients at a time. A step has one pass or several (micro-batches), as many on all ranks: a rank without
/// rows for a pass ends it all the same. In a pass each parameter is lent to and taken from at most once.
/// </remarks>
public interface IGradientHolder
{
    /// <summary>Whether the gradients of several passes add up; if not, a step is of one pass.</summary>
    bool AddsPasses => true;

    /// <summary>The bytes of all memory for gradients.</summary>
    long Bytes { get; }

    /// <summary>
    /// Gives a parameter memory for its gradient; its content is undefined, and <see cref="Parameter.HasGradient"/> false. Nothing happens
    /// if the parameter has it already.
    /// </summary>
    /// <param name="parameter">One of the parameters that this holds the gradients of.</param>
    /// <exception cref="InvalidOperationException">The gradient was taken already in this pass.</exception>
    void Lend(Parameter parameter);

    /// <summary>Takes a gradient to which this pass will add nothing more, and its memory with it.</summary>
    /// <param name="parameter">The parameter; without a gradient if nothing was lent.</param>
    void Take(Parameter parameter);

    /// <summary>Ends a pass: takes all gradients that are still lent.</summary>
    void EndPass();
}
