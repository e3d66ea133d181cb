using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Residuum.Numerics;

/// <summary>Adam's moments of one block, rebuilt from a window of sparse rows (methods page of MicroAdam, section 4, steps 8 and 9).</summary>
internal static class SparseMoments
{
    /// <summary>What every entry of the window adds: <c>first = weight1 * v</c>, <c>second = weight2 * v^2</c>.</summary>
    /// <param name="values">v as bfloat16 patterns. All spans have the same length.</param>
    /// <param name="weight1">beta1 to the age of the entry's row.</param>
    /// <param name="weight2">beta2 to the age of the entry's row.</param>
    /// <param name="first">Added to M.</param>
    /// <param name="second">Added to W.</param>
    public static void Contributions(
        ReadOnlySpan<ushort> values, ReadOnlySpan<float> weight1, ReadOnlySpan<float> weight2, Span<float> first, Span<float> second)
    {
        RequireLength(weight1.Length, values.Length);
        RequireLength(weight2.Length, values.Length);
        RequireLength(first.Length, values.Length);
        RequireLength(second.Length, values.Length);
        ContributionKernel kernel = new() { Values = values, Weight1 = weight1, Weight2 = weight2, First = first, Second = second };
        LaneLoop.Run(ref kernel, values.Length);
    }

    /// <summary>Adds the contributions to M and W in the order of the window and lists the indices touched.</summary>
    /// <param name="indices">Where each contribution goes, below the length of <paramref name="m"/>.</param>
    /// <param name="first">To M.</param>
    /// <param name="second">To W.</param>
    /// <param name="m">M of the block, zero outside this method and <see cref="Collect"/>.</param>
    /// <param name="w">W of the block, likewise.</param>
    /// <param name="touched">The indices with a contribution; one may stand there twice. As long as <paramref name="indices"/>.</param>
    /// <returns>How many are listed.</returns>
    /// <remarks>About 24 bytes in cache and 2 flops an entry; the window itself is 4 bytes an entry from memory.</remarks>
    [MethodImpl(LaneLoop.KernelOptions)]
    public static int Scatter(
        ReadOnlySpan<ushort> indices, ReadOnlySpan<float> first, ReadOnlySpan<float> second, Span<float> m, Span<float> w, Span<ushort> touched)
    {
        RequireLength(first.Length, indices.Length);
        RequireLength(second.Length, indices.Length);
        RequireLength(touched.Length, indices.Length);
        RequireLength(w.Length, m.Length);
        ref ushort index0 = ref MemoryMarshal.GetReference(indices);
        ref float first0 = ref MemoryMarshal.GetReference(first);
        ref float second0 = ref MemoryMarshal.GetReference(second);
        ref float m0 = ref MemoryMarshal.GetReference(m);
        ref float w0 = ref MemoryMarshal.GetReference(w);
        ref ushort touched0 = ref MemoryMarshal.GetReference(touched);
        nuint count = 0;
        for (nuint i = 0; i < (nuint)indices.Length; i++)
        {
            nuint at = Unsafe.Add(ref index0, i);
            float old = Unsafe.Add(ref w0, at);
            Unsafe.Add(ref m0, at) += Unsafe.Add(ref first0, i);
            Unsafe.Add(ref w0, at) = old + Unsafe.Add(ref second0, i);

            // Branch-free: listed when W was 0, which also happens again after a square that underflowed; Collect expects that.
            Unsafe.Add(ref touched0, count) = (ushort)at;
            count += (BitConverter.SingleToUInt32Bits(old) - 1) >> 31;
        }

        return (int)count;
    }

    /// <summary>Moves M and W of the listed indices into dense arrays and sets them to zero; an index listed again finds zeros there.</summary>
    [MethodImpl(LaneLoop.KernelOptions)]
    public static void Collect(ReadOnlySpan<ushort> touched, Span<float> m, Span<float> w, Span<float> denseM, Span<float> denseW)
    {
        RequireLength(denseM.Length, touched.Length);
        RequireLength(denseW.Length, touched.Length);
        RequireLength(w.Length, m.Length);
        ref ushort touched0 = ref MemoryMarshal.GetReference(touched);
        ref float m0 = ref MemoryMarshal.GetReference(m);
        ref float w0 = ref MemoryMarshal.GetReference(w);
        ref float denseM0 = ref MemoryMarshal.GetReference(denseM);
        ref float denseW0 = ref MemoryMarshal.GetReference(denseW);
        for (nuint i = 0; i < (nuint)touched.Length; i++)
        {
            nuint at = Unsafe.Add(ref touched0, i);
            Unsafe.Add(ref denseM0, i) = Unsafe.Add(ref m0, at);
            Unsafe.Add(ref denseW0, i) = Unsafe.Add(ref w0, at);
            Unsafe.Add(ref m0, at) = 0;
            Unsafe.Add(ref w0, at) = 0;
        }
    }

    /// <summary><c>u = (c1 M) / (sqrt(c2 W) + epsilon)</c>, 0 where the divisor is 0; over <paramref name="m"/>.</summary>
    public static void Direction(Span<float> m, ReadOnlySpan<float> w, float c1, float c2, float epsilon)
    {
        RequireLength(w.Length, m.Length);
        DirectionKernel kernel = new() { M = m, W = w, C1 = c1, C2 = c2, Epsilon = epsilon };
        LaneLoop.Run(ref kernel, m.Length);
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
        public Span<float> First;
        public Span<float> Second;

        [MethodImpl(LaneLoop.KernelOptions)]
        public readonly nuint Run<TLanes>(nuint start, nuint end)
            where TLanes : struct, ILanes<TLanes>
        {
            ref ushort value0 = ref MemoryMarshal.GetReference(Values);
            ref float weight10 = ref MemoryMarshal.GetReference(Weight1);
            ref float weight20 = ref MemoryMarshal.GetReference(Weight2);
            ref float first0 = ref MemoryMarshal.GetReference(First);
            ref float second0 = ref MemoryMarshal.GetReference(Second);
            nuint i = start;
            for (; i + TLanes.Width <= end; i += TLanes.Width)
            {
                TLanes v = TLanes.LoadBFloat16(ref value0, i);
                (TLanes.Load(ref weight10, i) * v).Store(ref first0, i);
                (TLanes.Load(ref weight20, i) * (v * v)).Store(ref second0, i);
            }

            return i;
        }
    }

    private ref struct DirectionKernel : ILaneKernel
    {
        public Span<float> M;
        public ReadOnlySpan<float> W;
        public float C1;
        public float C2;
        public float Epsilon;

        [MethodImpl(LaneLoop.KernelOptions)]
        public readonly nuint Run<TLanes>(nuint start, nuint end)
            where TLanes : struct, ILanes<TLanes>
        {
            ref float m0 = ref MemoryMarshal.GetReference(M);
            ref float w0 = ref MemoryMarshal.GetReference(W);
            TLanes c1 = TLanes.All(C1);
            TLanes c2 = TLanes.All(C2);
            TLanes epsilon = TLanes.All(Epsilon);
            TLanes zero = TLanes.All(0);
            nuint i = start;
            for (; i + TLanes.Width <= end; i += TLanes.Width)
            {
                TLanes divisor = TLanes.Sqrt(c2 * TLanes.Load(ref w0, i)) + epsilon;
                TLanes u = c1 * TLanes.Load(ref m0, i) / divisor;
                TLanes.Select(TLanes.EqualTo(divisor, zero), zero, u).Store(ref m0, i);
            }

            return i;
        }
    }
}
