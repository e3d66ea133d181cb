using Residuum.Distributed.Exchange;
using Residuum.Optimizers;
using Residuum.State;

namespace Residuum.Distributed.Sharding;

/// <summary>
/// An exchange of gradients whose steps are taken by a <see cref="ShardedOptimizer"/>: after a step it gathers the parameters, unless they
/// stay divided.
/// </summary>
public sealed class ShardedExchange : IExchange
{
    private readonly ShardedOptimizer _optimizer;
    private readonly GradientExchange _gradients;

    /// <summary>Makes the exchange of one rank.</summary>
    /// <param name="optimizer">The divided optimizer; its parameters and ranks are those of the exchange.</param>
    /// <param name="options">How gradients travel.</param>
    /// <param name="checkEvery">
    /// Steps between two comparisons of all parameters between ranks; 0 for none. Divided parameters were compared when they were divided.
    /// </param>
    /// <exception cref="ArgumentException">
    /// An option is out of its range or would diverge, or gradients are divided and compressed, and steps could be skipped.
    /// </exception>
    public ShardedExchange(ShardedOptimizer optimizer, ExchangeOptions options, int checkEvery = GradientExchange.DefaultCheckEvery)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        _optimizer = optimizer;
        _gradients = optimizer.Exchange(options, checkEvery);
    }

    /// <inheritdoc/>
    public int Rank => _gradients.Rank;

    /// <inheritdoc/>
    public int Size => _gradients.Size;

    /// <inheritdoc/>
    public long StateBytes => _gradients.StateBytes;

    /// <summary>The bytes of messages and other working memory.</summary>
    public long ScratchBytes => _gradients.ScratchBytes;

    /// <inheritdoc/>
    public ExchangeAccount Account => _gradients.Account;

    /// <inheritdoc/>
    public IGradientHolder? Gradients => _gradients.Gradients;

    /// <inheritdoc/>
    public IValueHolder? Values => _optimizer.Values;

    /// <inheritdoc/>
    public StepReport BeforeStep() => _gradients.BeforeStep();

    /// <inheritdoc/>
    public void AfterStep()
    {
        _gradients.AfterStep();
        _optimizer.ShareParameters();
    }

    /// <inheritdoc/>
    public void Sum(Span<double> values) => _gradients.Sum(values);

    /// <inheritdoc/>
    public void Average(Span<float> values) => _gradients.Average(values);

    /// <inheritdoc/>
    public void AddTo(CheckpointContent content)
    {
        _gradients.AddTo(content);
        _optimizer.WriteTogether(content);
    }

    /// <inheritdoc/>
    public void Resume(CheckpointContent content, string path) => _gradients.Resume(content, path);
}
