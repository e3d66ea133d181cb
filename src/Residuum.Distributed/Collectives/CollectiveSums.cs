using System.Runtime.InteropServices;

namespace Residuum.Distributed.Collectives;

/// <summary>Sums of a few numbers in double.</summary>
internal static class CollectiveSums
{
    /// <summary>Replaces the numbers by their sum over all ranks, added in rank order.</summary>
    /// <param name="collectives">The ranks.</param>
    /// <param name="values">A few numbers.</param>
    public static void Sum(this ICollectives collectives, Span<double> values)
    {
        if (collectives.Size == 1)
        {
            return;
        }

        int bytes = sizeof(double) * values.Length;
        int[] counts = new int[collectives.Size];
        Array.Fill(counts, bytes);
        double[] all = new double[values.Length * collectives.Size];
        collectives.AllGather(MemoryMarshal.AsBytes(values), counts, MemoryMarshal.AsBytes(all.AsSpan()));
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = 0;
            for (int rank = 0; rank < collectives.Size; rank++)
            {
                values[i] += all[(rank * values.Length) + i];
            }
        }
    }
}
