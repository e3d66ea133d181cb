namespace Residuum.Distributed.Exchange;

/// <summary>Whether gradients are exchanged or updates (methods page of ConEF, section 1).</summary>
public enum StepOrder
{
    /// <summary>Gradients are exchanged, then the optimizer steps: learning rate, momentum and decay lie outside the error.</summary>
    AggregateThenOptimize,

    /// <summary>Each rank makes its own update of SGD, and updates are exchanged: the learning rate lies inside the error.</summary>
    LocalStep,
}
