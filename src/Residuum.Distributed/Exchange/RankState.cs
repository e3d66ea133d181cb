using Residuum.State;

namespace Residuum.Distributed.Exchange;

/// <summary>Everything that changes in an exchanged step: what each rank remembers of its own, and what all remember alike.</summary>
internal sealed class RankState
{
    /// <summary>Lists the fields.</summary>
    /// <param name="channels">The parameters' ways.</param>
    /// <param name="local">SGD whose updates are exchanged, or null.</param>
    /// <param name="step">The counter of exchanged steps.</param>
    /// <param name="consecutiveSkips">The counter of steps skipped in a row.</param>
    public RankState(Channel[] channels, LocalStepSgd? local, long[] step, long[] consecutiveSkips)
    {
        List<RankPart> parts = [];
        List<StateField> shared =
        [
            StateField.Of(null, new FieldSpec("step", ElementType.I64), step.AsMemory()),
            StateField.Of(null, new FieldSpec("consecutive_skips", ElementType.I64), consecutiveSkips.AsMemory()),
        ];
        for (int i = 0; i < channels.Length; i++)
        {
            Channel channel = channels[i];
            string name = channel.Parameter.Name;
            StateField[] error = [.. channel.Memory?.State(name) ?? []];
            ErrorBytes += error.Sum(field => field.Spec.Bytes);
            parts.Add(new RankPart(error, channel.Memory, channel.Parameter.Length));
            parts.Add(new RankPart([.. local?.RankState(i) ?? []], Memory: null, channel.Parameter.Length));
            shared.AddRange(channel.Compressor?.State(name) ?? []);
            shared.AddRange(local?.SharedState(i) ?? []);
        }

        Parts = [.. parts.Where(part => part.Fields.Count > 0)];
        Shared = shared;
    }

    /// <summary>Error memories and, for localStep, momentum.</summary>
    public IReadOnlyList<RankPart> Parts { get; }

    /// <summary>Counters, and PowerSGD's Q.</summary>
    public IReadOnlyList<StateField> Shared { get; }

    /// <summary>The bytes of the error memories.</summary>
    public long ErrorBytes { get; }
}
