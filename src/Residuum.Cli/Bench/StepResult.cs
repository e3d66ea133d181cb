namespace Residuum.Cli.Bench;

/// <summary>A row of <c>bench --json</c>.</summary>
internal sealed record StepResult
{
    /// <summary>The entry of <c>--optimizers</c>.</summary>
    public required string Optimizer { get; init; }

    /// <summary>Parameters in all.</summary>
    public required long Parameters { get; init; }

    /// <summary>Threads of a step.</summary>
    public required int Threads { get; init; }

    /// <summary>Whether the guard read the gradients first.</summary>
    public required bool Guard { get; init; }

    /// <summary>Time of a step.</summary>
    public required Spread NsPerParameter { get; init; }

    /// <summary>The mean time of a step: what counts where only some steps decompose matrices.</summary>
    public required double MeanNsPerParameter { get; init; }

    /// <summary>The bytes a step must move, with the guard's.</summary>
    public required double BytesMovedPerParameter { get; init; }

    /// <summary>Bytes moved in the median time, as a part of <see cref="Bandwidth.UpdateGBs"/>.</summary>
    public double FractionOfBandwidth { get; init; }

    /// <summary>State without counters.</summary>
    public required double StateBytesPerParameter { get; init; }

    /// <summary>Managed bytes that the last step allocated, on all threads.</summary>
    public required long AllocatedBytesPerStep { get; init; }

    /// <summary>The median over rounds of this step's time by that of AdamW's in the same round.</summary>
    public required Middle RatioToAdamW { get; init; }
}
