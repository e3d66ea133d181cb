using System.Runtime.InteropServices;
using Residuum.State;

namespace Residuum.Distributed.Exchange;

/// <summary>Divides what N ranks remembered of their own between M ranks, so that its mean over ranks is conserved.</summary>
/// <remarks>
/// The next update uses the mean of all errors, so each of the M gets the mean of the N. Where the memory rounds, rank i gets what the
/// ranks before it could not hold: C((i + 1) mean - what ranks 0 to i - 1 hold). Then the sum over M is off by the last rank's rounding
/// only.
/// </remarks>
internal static class RankRedivision
{
    /// <summary>Takes one rank's share.</summary>
    /// <param name="part">Where it goes; used as scratch before.</param>
    /// <param name="ranks">N.</param>
    /// <param name="rank">This rank among the M.</param>
    /// <param name="read">Fills <paramref name="part"/> with what one of the N remembered.</param>
    public static void Take(RankPart part, int ranks, int rank, Action<int> read)
    {
        if (part.IsLinear)
        {
            // Every field by its stored numbers: the memory of the mean is the mean of the memories.
            double[][] mean = Mean(ranks, read, () => [.. part.Fields.Select(Load)]);
            for (int i = 0; i < part.Fields.Count; i++)
            {
                StateField field = part.Fields[i];
                Spread(mean[i], rank, values => Store(field, values), () => Load(field));
            }

            return;
        }

        ErrorMemory.ErrorMemory memory = part.Memory!;
        double[][] error = Mean(ranks, read, () => [Decoded(memory, part.Length)]);
        Spread(error[0], rank, values => Store(memory, values), () => Decoded(memory, part.Length));
    }

    /// <summary>What a part stands for: the error that a memory gives back, or the numbers themselves.</summary>
    public static double[] Numbers(RankPart part) =>
        part.Memory is { } memory ? Decoded(memory, part.Length) : [.. part.Fields.SelectMany(Load)];

    private static double[][] Mean(int ranks, Action<int> read, Func<double[][]> load)
    {
        double[][] sums = [];
        for (int from = 0; from < ranks; from++)
        {
            read(from);
            double[][] values = load();
            sums = from == 0 ? values : [.. sums.Zip(values, (sum, more) => sum.Zip(more, (a, b) => a + b).ToArray())];
        }

        return [.. sums.Select(sum => sum.Select(value => value / ranks).ToArray())];
    }

    private static void Spread(double[] mean, int rank, Action<double[]> store, Func<double[]> load)
    {
        double[] held = new double[mean.Length];
        for (int i = 0; ; i++)
        {
            store([.. mean.Zip(held, (m, h) => ((i + 1) * m) - h)]);
            if (i == rank)
            {
                return;
            }

            held = [.. held.Zip(load(), (h, value) => h + value)];
        }
    }

    private static double[] Decoded(ErrorMemory.ErrorMemory memory, int length)
    {
        float[] error = new float[length];
        memory.Read(error, 0);
        return [.. error.Select(value => (double)value)];
    }

    // From an empty memory, so that a damped one takes nothing of what it held before.
    private static void Store(ErrorMemory.ErrorMemory memory, double[] values)
    {
        memory.Clear();
        memory.Update([.. values.Select(value => (float)value)], 0);
    }

    private static double[] Load(StateField field)
    {
        using MemoryStream stream = new();
        field.Write(stream);
        Span<byte> bytes = stream.GetBuffer().AsSpan(0, (int)stream.Length);
        return field.Spec.Type == ElementType.F16
            ? [.. MemoryMarshal.Cast<byte, Half>(bytes).ToArray().Select(value => (double)value)]
            : [.. MemoryMarshal.Cast<byte, float>(bytes).ToArray().Select(value => (double)value)];
    }

    private static void Store(StateField field, double[] values)
    {
        byte[] bytes = field.Spec.Type == ElementType.F16
            ? MemoryMarshal.AsBytes((ReadOnlySpan<Half>)values.Select(value => (Half)value).ToArray()).ToArray()
            : MemoryMarshal.AsBytes((ReadOnlySpan<float>)values.Select(value => (float)value).ToArray()).ToArray();
        using MemoryStream stream = new(bytes);
        field.Read(stream);
    }
}
