using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Residuum.Numerics;

namespace Residuum.Training.Differentiation;

/// <summary>Root mean square normalization of each row (Zhang and Sennrich, arXiv:1910.07467): <c>y = w x / √(mean(x²) + ε)</c>.</summary>
/// <remarks>
/// With r = 1 / √(mean(x²) + ε) and n columns, backward: <c>dx = r w dy - x r³ Σ(w dy x) / n</c>, and dw = the sum over rows of <c>dy x
/// r</c>.
/// </remarks>
public sealed class RmsNormOperation : Operation
{
    private Tensor _x = null!;
    private Tensor _weight = null!;
    private Tensor _inverseRoot = null!;

    /// <summary>Normalizes.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="x">Shape [..., columns].</param>
    /// <param name="weight">Shape [columns].</param>
    /// <param name="epsilon">Added to the mean of squares; 1e-5 as in LLaMA.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static Tensor Apply(Tape tape, Tensor x, Tensor weight, float epsilon = 1e-5f)
    {
        ArgumentNullException.ThrowIfNull(tape);
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(weight);
        ShapeMismatch.ThrowIf(weight.Length != x.Columns, "Normalization", x, weight);
        Tensor inverseRoot = tape.Result(requiresGradient: false, x.Rows);
        Tensor y = tape.Result(x.RequiresGradient || weight.RequiresGradient, x.Shape);
        tape.ForRows(new Forward(x, weight, inverseRoot, y, epsilon), x.Rows, ColumnSums.RowsPerSlab);
        RmsNormOperation operation = tape.Rent<RmsNormOperation>();
        operation._x = x;
        operation._weight = weight;
        operation._inverseRoot = inverseRoot;
        return tape.Record(operation, y);
    }

    /// <inheritdoc/>
    public override void Backward(Tape tape)
    {
        int columns = _x.Columns;
        int slabs = ColumnSums.Slabs(_x.Rows);
        using Scratch weightSums = tape.RentScratch(slabs * columns);
        using Scratch weighed = tape.RentScratch(tape.Work.Threads * columns);
        weightSums.Span.Clear();
        bool accumulate = _x.RequiresGradient && tape.PrepareGradient(_x);
        tape.ForRows(
            new Gradient(_x, _weight, _inverseRoot, Output, weightSums.Memory, weighed.Memory, accumulate),
            _x.Rows,
            ColumnSums.RowsPerSlab);
        if (_weight.RequiresGradient)
        {
            ColumnSums.Add(weightSums.Span, columns, tape.GradientToAddTo(_weight));
        }
    }

    private readonly struct Forward(Tensor x, Tensor weight, Tensor inverseRoot, Tensor y, float epsilon) : IRowKernel
    {
        public void Run(int first, int end, int worker)
        {
            int columns = x.Columns;
            for (int row = first; row < end; row++)
            {
                ReadOnlySpan<float> source = x.Values.Slice(row * columns, columns);
                float r = (float)(1 / Math.Sqrt((Reductions.SumOfSquares(source) / columns) + epsilon));
                inverseRoot.Values[row] = r;
                ScaleKernel kernel = new(r, source, weight.Values, y.Values.Slice(row * columns, columns));
                LaneLoop.Run(ref kernel, columns);
            }
        }
    }

    private readonly struct Gradient(
        Tensor x,
        Tensor weight,
        Tensor inverseRoot,
        Tensor y,
        Memory<float> weightSums,
        Memory<float> weighed,
        bool accumulate) : IRowKernel
    {
        public void Run(int first, int end, int worker)
        {
            int columns = x.Columns;
            Span<float> weightSum = weightSums.Span.Slice(first / ColumnSums.RowsPerSlab * columns, columns);
            Span<float> wdy = weighed.Span.Slice(worker * columns, columns);
            for (int row = first; row < end; row++)
            {
                ReadOnlySpan<float> source = x.Values.Slice(row * columns, columns);
                ReadOnlySpan<float> dy = y.Gradient.Slice(row * columns, columns);
                float r = inverseRoot.Values[row];
                WeightGradientKernel weightKernel = new(r, source, dy, weight.Values, weightSum, wdy);
                LaneLoop.Run(ref weightKernel, columns);
                if (x.RequiresGradient)
                {
                    float pull = (float)(Reductions.Dot(wdy, source) * r * r * r / columns);
                    InputGradientKernel inputKernel = new(r, pull, source, wdy, x.Gradient.Slice(row * columns, columns), accumulate);
                    LaneLoop.Run(ref inputKernel, columns);
                }
            }
        }
    }

    /// <summary><c>y = r x w</c>.</summary>
    private readonly ref struct ScaleKernel(float r, ReadOnlySpan<float> x, ReadOnlySpan<float> weight, Span<float> y) : ILaneKernel
    {
        private readonly ref float _x = ref MemoryMarshal.GetReference(x);
        private readonly ref float _weight = ref MemoryMarshal.GetReference(weight);
        private readonly ref float _y = ref MemoryMarshal.GetReference(y);

        [MethodImpl(LaneLoop.KernelOptions)]
        public nuint Run<TLanes>(nuint start, nuint end)
            where TLanes : struct, ILanes<TLanes>
        {
            nuint i = start;
            for (; i + TLanes.Width <= end; i += TLanes.Width)
            {
                (TLanes.All(r) * TLanes.Load(ref _x, i) * TLanes.Load(ref _weight, i)).Store(ref _y, i);
            }

            return i;
        }
    }

    /// <summary><c>dw += dy x r</c>, and <c>w dy</c> for the rest.</summary>
    private readonly ref struct WeightGradientKernel(
        float r,
        ReadOnlySpan<float> x,
        ReadOnlySpan<float> dy,
        ReadOnlySpan<float> weight,
        Span<float> sum,
        Span<float> weighed) : ILaneKernel
    {
        private readonly ref float _x = ref MemoryMarshal.GetReference(x);
        private readonly ref float _dy = ref MemoryMarshal.GetReference(dy);
        private readonly ref float _weight = ref MemoryMarshal.GetReference(weight);
        private readonly ref float _sum = ref MemoryMarshal.GetReference(sum);
        private readonly ref float _weighed = ref MemoryMarshal.GetReference(weighed);

        [MethodImpl(LaneLoop.KernelOptions)]
        public nuint Run<TLanes>(nuint start, nuint end)
            where TLanes : struct, ILanes<TLanes>
        {
            nuint i = start;
            for (; i + TLanes.Width <= end; i += TLanes.Width)
            {
                TLanes dy = TLanes.Load(ref _dy, i);
                TLanes.Fma(dy, TLanes.All(r) * TLanes.Load(ref _x, i), TLanes.Load(ref _sum, i)).Store(ref _sum, i);
                (dy * TLanes.Load(ref _weight, i)).Store(ref _weighed, i);
            }

            return i;
        }
    }

    /// <summary><c>dx = r (w dy) - pull x</c>.</summary>
    private readonly ref struct InputGradientKernel(
        float r, float pull, ReadOnlySpan<float> x, ReadOnlySpan<float> weighed, Span<float> dx, bool accumulate) : ILaneKernel
    {
        private readonly ref float _x = ref MemoryMarshal.GetReference(x);
        private readonly ref float _weighed = ref MemoryMarshal.GetReference(weighed);
        private readonly ref float _dx = ref MemoryMarshal.GetReference(dx);

        [MethodImpl(LaneLoop.KernelOptions)]
        public nuint Run<TLanes>(nuint start, nuint end)
            where TLanes : struct, ILanes<TLanes>
        {
            nuint i = start;
            for (; i + TLanes.Width <= end; i += TLanes.Width)
            {
                TLanes before = accumulate ? TLanes.Load(ref _dx, i) : TLanes.All(0);
                TLanes own = (TLanes.All(r) * TLanes.Load(ref _weighed, i)) - (TLanes.All(pull) * TLanes.Load(ref _x, i));
                (before + own).Store(ref _dx, i);
            }

            return i;
        }
    }
}
