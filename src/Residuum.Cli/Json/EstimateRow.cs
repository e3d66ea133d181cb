namespace Residuum.Cli.Json;

/// <summary>The memory of one optimizer, in bytes.</summary>
/// <param name="Optimizer">The entry of <c>--optimizers</c>.</param>
/// <param name="Weights">float32 weights; of divided ones what the rank that holds most has.</param>
/// <param name="Gradients">float32 gradients, likewise.</param>
/// <param name="State">The optimizer's state and the error memories of a rank, without counters.</param>
/// <param name="Counters">Its counters: a few per tensor.</param>
/// <param name="Scratch">Working memory of all threads.</param>
/// <param name="StepPeak">All of these together: what a step needs at its peak, activations aside.</param>
/// <param name="PerParameter">Tensor by tensor.</param>
internal sealed record EstimateRow(
    string Optimizer,
    long Weights,
    long Gradients,
    long State,
    long Counters,
    long Scratch,
    long StepPeak,
    IReadOnlyList<EstimateTensor> PerParameter)
{
    /// <summary>What a rank sends in a step; absent where nothing is exchanged.</summary>
    public long? MessageBytes { get; init; }

    /// <summary>What it would send of whole gradients.</summary>
    public long? DenseMessageBytes { get; init; }
}
