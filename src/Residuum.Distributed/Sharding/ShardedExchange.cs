using Residuum.Optimizers;
using Residuum.State;

namespace Residuum.Distributed.Sharding;

/// <summary>An exchange of gradients whose steps are taken by a <see cref="ShardedOptimizer"/>: after a step it gathers the parameters.</summary>
/// <param name="gradients">How gradients travel.</param>
/// <param name="optimizer">The divided optimizer.</param>
public sealed class ShardedExchange(IExchange gradients, ShardedOptimizer optimizer) : IExchange
{
    /// <inheritdoc/>
    public int Rank => gradients.Rank;

    /// <inheritdoc/>
    public int Size => gradients.Size;

    /// <inheritdoc/>
    public long StateBytes => gradients.StateBytes;

    /// <inheritdoc/>
    public ExchangeAccount Account => gradients.Account;

    /// <inheritdoc/>
    public StepReport BeforeStep() => gradients.BeforeStep();

    /// <inheritdoc/>
    public void AfterStep()
    {
        gradients.AfterStep();
        optimizer.GatherParameters();
    }

    /// <inheritdoc/>
    public void Sum(Span<double> values) => gradients.Sum(values);

    /// <inheritdoc/>
    public void Average(Span<float> values) => gradients.Average(values);

    /// <inheritdoc/>
    public void AddTo(CheckpointContent content)
    {
        gradients.AddTo(content);
        optimizer.GatherState();
    }

    /// <inheritdoc/>
    public void Resume(CheckpointContent content, string path) => gradients.Resume(content, path);
}
