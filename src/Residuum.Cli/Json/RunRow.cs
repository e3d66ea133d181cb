using Residuum.Optimizers;
using Residuum.Training.Trainer;

namespace Residuum.Cli.Json;

/// <summary>A run in the JSON of <c>compare</c> and <c>train</c>; what does not apply is absent.</summary>
internal sealed record RunRow
{
    public required string Optimizer { get; init; }

    public required double Rate { get; init; }

    public required int Seed { get; init; }

    public required long Steps { get; init; }

    public required double TrainLoss { get; init; }

    public double? ValidationLoss { get; init; }

    public double? ValidationAccuracy { get; init; }

    public double? TestLoss { get; init; }

    public double? TestAccuracy { get; init; }

    public double? BitsPerByte { get; init; }

    public double? Perplexity { get; init; }

    public required long StateBytes { get; init; }

    public required double StateBytesPerParameter { get; init; }

    public required double OptimizerMsPerStep { get; init; }

    public required double MsPerStep { get; init; }

    public required bool Diverged { get; init; }

    public int? Ranks { get; init; }

    public long? GradientBytes { get; init; }

    public long? ParameterBytes { get; init; }

    public double? MessageBytesPerStep { get; init; }

    public double? DenseMessageBytesPerStep { get; init; }

    public double? CodecMsPerStep { get; init; }

    public double? NetworkMsPerStep { get; init; }

    /// <summary>The row of a run; bits per byte and perplexity are the test part's, for a run of a search the validation part's.</summary>
    /// <param name="run">The run.</param>
    public static RunRow Of(RunResult run) => new()
    {
        Optimizer = run.Optimizer,
        Rate = run.Rate,
        Seed = run.Seed,
        Steps = run.Steps,
        TrainLoss = run.TrainLoss,
        ValidationLoss = run.Validation?.Loss,
        ValidationAccuracy = run.Validation?.Accuracy,
        TestLoss = run.Test?.Loss,
        TestAccuracy = run.Test?.Accuracy,
        BitsPerByte = (run.Test ?? run.Validation)?.BitsPerByte,
        Perplexity = (run.Test ?? run.Validation)?.Perplexity,
        StateBytes = run.StateBytes,
        StateBytesPerParameter = run.StateBytesPerParameter,
        OptimizerMsPerStep = run.OptimizerMsPerStep,
        MsPerStep = run.MsPerStep,
        Diverged = run.Diverged,
        Ranks = run.Exchange is null ? null : run.Ranks,
        GradientBytes = run.Exchange is null ? null : run.GradientBytes,
        ParameterBytes = run.Exchange is null ? null : run.ParameterBytes,
        MessageBytesPerStep = PerStep(run.Exchange, account => account.MessageBytes),
        DenseMessageBytesPerStep = PerStep(run.Exchange, account => account.DenseBytes),
        CodecMsPerStep = PerStep(run.Exchange, account => 1000 * account.CodecSeconds),
        NetworkMsPerStep = PerStep(run.Exchange, account => 1000 * account.NetworkSeconds),
    };

    private static double? PerStep(ExchangeAccount? account, Func<ExchangeAccount, double> figure) =>
        account is { Steps: > 0 } known ? figure(known) / known.Steps : null;
}
