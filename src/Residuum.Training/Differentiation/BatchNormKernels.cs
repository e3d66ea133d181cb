using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Residuum.Numerics;

namespace Residuum.Training.Differentiation;

/// <summary>
/// The passes of batch normalization over the rows of a matrix. A kernel keeps the constants of a register's channels while it walks down
/// the rows.
/// </summary>
internal static class BatchNormKernels
{
    /// <summary><c>y = γ (x - μ) / √(σ² + ε) + β + residual</c>, rectified if wanted.</summary>
    public static void Normalize(
        Tape tape, Tensor x, Tensor mean, Tensor inverseDeviation, Tensor gamma, Tensor beta, Tensor? residual, bool rectify, Tensor y) =>
        tape.ForRows(new NormalizeRows(x, mean, inverseDeviation, gamma, beta, residual, rectify, y), x.Rows, ColumnSums.RowsPerSlab);

    /// <summary>Adds Σ dz and Σ dz x̂ to the two spans.</summary>
    public static void SumGradients(
        Tape tape,
        Tensor x,
        Tensor mean,
        Tensor inverseDeviation,
        Tensor y,
        bool rectify,
        Span<float> betaGradient,
        Span<float> gammaGradient)
    {
        int channels = x.Columns;
        int slabs = ColumnSums.Slabs(x.Rows);
        using Scratch betaSums = tape.RentScratch(slabs * channels);
        using Scratch gammaSums = tape.RentScratch(slabs * channels);
        tape.ForRows(
            new SlabGradientSums(x, mean, inverseDeviation, y, rectify, betaSums.Memory, gammaSums.Memory), x.Rows, ColumnSums.RowsPerSlab);
        ColumnSums.Add(betaSums.Span, channels, betaGradient);
        ColumnSums.Add(gammaSums.Span, channels, gammaGradient);
    }

    /// <summary>Writes or adds dx and, where there is one, the residual's gradient; <paramref name="sums"/> holds dβ, then dγ.</summary>
    public static void InputGradient(
        Tape tape,
        Tensor x,
        Tensor mean,
        Tensor inverseDeviation,
        Tensor gamma,
        Tensor y,
        bool rectify,
        Memory<float> sums,
        bool accumulate,
        Tensor? residual,
        bool accumulateResidual) =>
        tape.ForRows(
            new InputGradientRows(x, mean, inverseDeviation, gamma, y, rectify, sums, accumulate, residual, accumulateResidual),
            x.Rows,
            ColumnSums.RowsPerSlab);

    private struct NormalizeRows(
        Tensor xTensor, Tensor mean, Tensor inverseDeviation, Tensor gamma, Tensor beta, Tensor? residual, bool rectify, Tensor yTensor)
        : IRowKernel, ILaneKernel
    {
        private nuint _first;
        private nuint _end;

        public void Run(int first, int end, int worker)
        {
            _first = (nuint)(first * xTensor.Columns);
            _end = (nuint)(end * xTensor.Columns);
            LaneLoop.Run(ref this, xTensor.Columns);
        }

        [MethodImpl(LaneLoop.KernelOptions)]
        public readonly nuint Run<TLanes>(nuint start, nuint end)
            where TLanes : struct, ILanes<TLanes>
        {
            ref float x = ref MemoryMarshal.GetReference(xTensor.Values);
            ref float y = ref MemoryMarshal.GetReference(yTensor.Values);
            ref float other = ref residual is null ? ref x : ref MemoryMarshal.GetReference(residual.Values);
            bool addsResidual = residual is not null;
            nuint columns = (nuint)xTensor.Columns;
            nuint last = _end;
            nuint i = start;
            for (; i + TLanes.Width <= end; i += TLanes.Width)
            {
                TLanes scale = TLanes.Load(in gamma.Values[0], i) * TLanes.Load(in inverseDeviation.Values[0], i);
                TLanes shift = TLanes.Load(in beta.Values[0], i) - (scale * TLanes.Load(in mean.Values[0], i));
                TLanes floor = TLanes.All(rectify ? 0 : float.NegativeInfinity);
                for (nuint at = _first + i; at < last; at += columns)
                {
                    TLanes z = TLanes.Fma(scale, TLanes.Load(in x, at), shift);
                    if (addsResidual)
                    {
                        z += TLanes.Load(in other, at);
                    }

                    TLanes.Max(floor, z).Store(ref y, at);
                }
            }

            return i;
        }
    }

    private struct SlabGradientSums(
        Tensor xTensor, Tensor mean, Tensor inverseDeviation, Tensor yTensor, bool rectify, Memory<float> betaSums, Memory<float> gammaSums)
        : IRowKernel, ILaneKernel
    {
        private nuint _first;
        private nuint _end;
        private int _slab;

        public void Run(int first, int end, int worker)
        {
            _first = (nuint)(first * xTensor.Columns);
            _end = (nuint)(end * xTensor.Columns);
            _slab = first / ColumnSums.RowsPerSlab;
            LaneLoop.Run(ref this, xTensor.Columns);
        }

        [MethodImpl(LaneLoop.KernelOptions)]
        public readonly nuint Run<TLanes>(nuint start, nuint end)
            where TLanes : struct, ILanes<TLanes>
        {
            ref float x = ref MemoryMarshal.GetReference(xTensor.Values);
            ref float y = ref MemoryMarshal.GetReference(yTensor.Values);
            ref float dy = ref MemoryMarshal.GetReference(yTensor.Gradient);
            nuint columns = (nuint)xTensor.Columns;
            nuint last = _end;
            TLanes floor = TLanes.All(rectify ? 0 : float.NegativeInfinity);
            nuint i = start;
            for (; i + TLanes.Width <= end; i += TLanes.Width)
            {
                TLanes mu = TLanes.Load(in mean.Values[0], i);
                TLanes inverse = TLanes.Load(in inverseDeviation.Values[0], i);
                TLanes sum = TLanes.All(0);
                TLanes product = TLanes.All(0);
                for (nuint at = _first + i; at < last; at += columns)
                {
                    TLanes dz = TLanes.Select(TLanes.GreaterThan(TLanes.Load(in y, at), floor), TLanes.Load(in dy, at), TLanes.All(0));
                    sum += dz;
                    product = TLanes.Fma(dz, (TLanes.Load(in x, at) - mu) * inverse, product);
                }

                sum.Store(ref betaSums.Span[_slab * (int)columns], i);
                product.Store(ref gammaSums.Span[_slab * (int)columns], i);
            }

            return i;
        }
    }

    private struct InputGradientRows(
        Tensor xTensor,
        Tensor mean,
        Tensor inverseDeviation,
        Tensor gamma,
        Tensor yTensor,
        bool rectify,
        Memory<float> sums,
        bool accumulate,
        Tensor? residual,
        bool accumulateResidual)
        : IRowKernel, ILaneKernel
    {
        private nuint _first;
        private nuint _end;

        public void Run(int first, int end, int worker)
        {
            _first = (nuint)(first * xTensor.Columns);
            _end = (nuint)(end * xTensor.Columns);
            LaneLoop.Run(ref this, xTensor.Columns);
        }

        [MethodImpl(LaneLoop.KernelOptions)]
        public readonly nuint Run<TLanes>(nuint start, nuint end)
            where TLanes : struct, ILanes<TLanes>
        {
            ref float x = ref MemoryMarshal.GetReference(xTensor.Values);
            ref float dx = ref MemoryMarshal.GetReference(xTensor.Gradient);
            ref float y = ref MemoryMarshal.GetReference(yTensor.Values);
            ref float dy = ref MemoryMarshal.GetReference(yTensor.Gradient);
            ref float dresidual = ref residual is null ? ref dx : ref MemoryMarshal.GetReference(residual.Gradient);
            bool adds = accumulate;
            bool hasResidual = residual is not null;
            bool addsResidual = accumulateResidual;
            nuint columns = (nuint)xTensor.Columns;
            nuint last = _end;
            TLanes zero = TLanes.All(0);
            TLanes floor = TLanes.All(rectify ? 0 : float.NegativeInfinity);
            TLanes rows = TLanes.All(xTensor.Rows);
            nuint i = start;
            for (; i + TLanes.Width <= end; i += TLanes.Width)
            {
                TLanes mu = TLanes.Load(in mean.Values[0], i);
                TLanes inverse = TLanes.Load(in inverseDeviation.Values[0], i);
                TLanes scale = TLanes.Load(in gamma.Values[0], i) * inverse;
                TLanes meanGradient = TLanes.Load(in sums.Span[0], i) / rows;
                TLanes meanProduct = TLanes.Load(in sums.Span[0], i + columns) / rows;
                for (nuint at = _first + i; at < last; at += columns)
                {
                    TLanes dz = TLanes.Select(TLanes.GreaterThan(TLanes.Load(in y, at), floor), TLanes.Load(in dy, at), zero);
                    TLanes normalized = (TLanes.Load(in x, at) - mu) * inverse;
                    TLanes own = scale * (dz - meanGradient - (normalized * meanProduct));
                    TLanes before = adds ? TLanes.Load(in dx, at) : zero;
                    (before + own).Store(ref dx, at);
                    if (hasResidual)
                    {
                        TLanes residualBefore = addsResidual ? TLanes.Load(in dresidual, at) : zero;
                        (residualBefore + dz).Store(ref dresidual, at);
                    }
                }
            }

            return i;
        }
    }
}
