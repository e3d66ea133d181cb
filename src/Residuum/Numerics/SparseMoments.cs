using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Residuum.Numerics;

/// <summary>
/// Adam's moments of one block, rebuilt from a window of sparse rows (methods page of MicroAdam, section 4, steps 8 and 9).
/// </summary>
/// <remarks>M and W of an entry lie side by side, as a pair: one load, one sum and one store serve both.</remarks>
internal static unsafe class SparseMoments
{
    private const int FloatsOfALine = 16;

    /// <summary>What every entry of the window adds: the pairs <c>(weight1 * v, weight2 * v^2)</c>.</summary>
    /// <param name="values">v as bfloat16 patterns.</param>
    /// <param name="weight1">beta1 to the age of the entry's row; as long as <paramref name="values"/>.</param>
    /// <param name="weight2">beta2 to the age of the entry's row; likewise.</param>
    /// <param name="pairs">Twice as long.</param>
    public static void Contributions(
        ReadOnlySpan<ushort> values, ReadOnlySpan<float> weight1, ReadOnlySpan<float> weight2, Span<float> pairs)
    {
        RequireLength(weight1.Length, values.Length);
        RequireLength(weight2.Length, values.Length);
        RequireLength(pairs.Length, 2 * values.Length);
        ContributionKernel kernel = new() { Values = values, Weight1 = weight1, Weight2 = weight2, Pairs = pairs };
        LaneLoop.Run(ref kernel, values.Length);
    }

    /// <summary>Adds up the contributions of each index, in the order of the window.</summary>
    /// <param name="indices">Which entry of the block each contribution is of, below its length.</param>
    /// <param name="pairs">The contributions.</param>
    /// <param name="slots">One for each entry of the block: scratch, overwritten.</param>
    /// <param name="touched">The indices that occur, in the order of their first contribution. As long as <paramref
    /// name="indices"/>.</param>
    /// <param name="sums">The pairs (M, W) of the indices in <paramref name="touched"/>. As long as <paramref name="pairs"/>.</param>
    /// <param name="ahead">Weights that the next block will touch: a line of them is requested with every entry, so that none is waited
    /// for.</param>
    /// <returns>How many indices occur.</returns>
    /// <remarks>
    /// About 28 bytes in cache and 2 flops an entry; the window itself is 4 bytes an entry from memory. Sums of the tenth that occurs,
    /// beside a slot of two bytes an entry, stay in the first-level cache; pairs for all entries fill it.
    /// </remarks>
    [MethodImpl(LaneLoop.KernelOptions)]
    public static int Sum(
        ReadOnlySpan<ushort> indices,
        ReadOnlySpan<float> pairs,
        Span<ushort> slots,
        Span<ushort> touched,
        Span<float> sums,
        ReadOnlySpan<float> ahead)
    {
        RequireLength(pairs.Length, 2 * indices.Length);
        RequireLength(touched.Length, indices.Length);
        RequireLength(sums.Length, 2 * indices.Length);
        nuint lines = (nuint)ahead.Length / FloatsOfALine;
        slots.Clear();
        sums.Clear();
        int next = 1;
        fixed (ushort* index = indices, slot = slots, list = touched)
        fixed (float* pair = pairs, sum = sums, weight = ahead)
        {
            for (nuint i = 0; i < (nuint)indices.Length; i++)
            {
                nuint at = index[i];

                // Without a branch: slots are counted from 1, and an index that has none takes the next.
                int none = (slot[at] - 1) >> 31;
                int own = slot[at] + (next & none);
                slot[at] = (ushort)own;
                list[own - 1] = (ushort)at;
                double* place = (double*)sum + own - 1;
                Vector128<float> added = Vector128.CreateScalarUnsafe(((double*)pair)[i]).AsSingle();
                *place = (Vector128.CreateScalarUnsafe(*place).AsSingle() + added).AsDouble().ToScalar();
                next -= none;
                if (i < lines)
                {
                    CacheLine.Request(ref *weight, i * FloatsOfALine);
                }
            }
        }

        return next - 1;
    }

    /// <summary><c>u = (c1 M) / (sqrt(c2 W) + epsilon)</c>, 0 where the divisor is 0.</summary>
    public static void Direction(ReadOnlySpan<float> pairs, Span<float> u, float c1, float c2, float epsilon)
    {
        RequireLength(pairs.Length, 2 * u.Length);
        DirectionKernel kernel = new() { Pairs = pairs, U = u, C1 = c1, C2 = c2, Epsilon = epsilon };
        LaneLoop.Run(ref kernel, u.Length);
    }

    /// <summary><c>theta[touched] = theta[touched] - eta * u</c>, in the order of the list.</summary>
    [MethodImpl(LaneLoop.KernelOptions)]
    public static void Descend(Span<float> theta, ReadOnlySpan<ushort> touched, ReadOnlySpan<float> u, float eta)
    {
        RequireLength(u.Length, touched.Length);
        ref float theta0 = ref MemoryMarshal.GetReference(theta);
        ref ushort touched0 = ref MemoryMarshal.GetReference(touched);
        ref float u0 = ref MemoryMarshal.GetReference(u);
        for (nuint i = 0; i < (nuint)touched.Length; i++)
        {
            ref float entry = ref Unsafe.Add(ref theta0, (nuint)Unsafe.Add(ref touched0, i));
            entry -= eta * Unsafe.Add(ref u0, i);
        }
    }

    private static void RequireLength(int actual, int wanted) => ArgumentOutOfRangeException.ThrowIfNotEqual(actual, wanted);

    private ref struct ContributionKernel : ILaneKernel
    {
        public ReadOnlySpan<ushort> Values;
        public ReadOnlySpan<float> Weight1;
        public ReadOnlySpan<float> Weight2;
        public Span<float> Pairs;

        [MethodImpl(LaneLoop.KernelOptions)]
        public readonly nuint Run<TLanes>(nuint start, nuint end)
            where TLanes : struct, ILanes<TLanes>
        {
            ref ushort value0 = ref MemoryMarshal.GetReference(Values);
            ref float weight10 = ref MemoryMarshal.GetReference(Weight1);
            ref float weight20 = ref MemoryMarshal.GetReference(Weight2);
            ref float pair0 = ref MemoryMarshal.GetReference(Pairs);
            nuint i = start;
            for (; i + TLanes.Width <= end; i += TLanes.Width)
            {
                TLanes v = TLanes.LoadBFloat16(ref value0, i);
                TLanes.StorePairs(TLanes.Load(ref weight10, i) * v, TLanes.Load(ref weight20, i) * (v * v), ref pair0, i);
            }

            return i;
        }
    }

    private ref struct DirectionKernel : ILaneKernel
    {
        public ReadOnlySpan<float> Pairs;
        public Span<float> U;
        public float C1;
        public float C2;
        public float Epsilon;

        [MethodImpl(LaneLoop.KernelOptions)]
        public readonly nuint Run<TLanes>(nuint start, nuint end)
            where TLanes : struct, ILanes<TLanes>
        {
            ref float pair0 = ref MemoryMarshal.GetReference(Pairs);
            ref float u0 = ref MemoryMarshal.GetReference(U);
            TLanes c1 = TLanes.All(C1);
            TLanes c2 = TLanes.All(C2);
            TLanes epsilon = TLanes.All(Epsilon);
            TLanes zero = TLanes.All(0);
            nuint i = start;
            for (; i + TLanes.Width <= end; i += TLanes.Width)
            {
                TLanes m = TLanes.LoadPairs(ref pair0, i, out TLanes w);
                TLanes divisor = TLanes.Sqrt(c2 * w) + epsilon;
                TLanes u = c1 * m / divisor;
                TLanes.Select(TLanes.EqualTo(divisor, zero), zero, u).Store(ref u0, i);
            }

            return i;
        }
    }
}
