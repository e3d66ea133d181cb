using Residuum.Numerics;
using Residuum.State;

namespace Residuum.Preconditioning;

/// <summary>A dense Kronecker factor and its inverse root: <c>C = beta2 C + w Y Y^T</c>, <c>R = C^e</c>.</summary>
/// <remarks>State: 2 d^2 float32. Products and the eigenproblem are in double.</remarks>
internal sealed class DenseFactor(int length, DenseFactorSettings settings) : AxisPreconditioner
{
    private readonly SecondMoment _factor = new(length);
    private readonly float[] _root = new float[length * length];

    /// <summary>The factor's state: <c>factor</c> and <c>root</c>, both [d, d].</summary>
    public static FieldSpec[] Fields(int length, string prefix) =>
        [new(prefix + "factor", ElementType.F32, length, length), new(prefix + "root", ElementType.F32, length, length)];

    /// <summary>The bytes of scratch of an update.</summary>
    public static long ScratchBytes(int length) =>
        (2 * ScratchArea.BytesOf<double>((long)length * length)) + ScratchArea.BytesOf<double>(length)
        + ScratchArea.BytesOf<double>((long)SymmetricProduct.PanelRows * SymmetricProduct.Stride(length))
        + SymmetricEigen.ScratchBytes(length);

    /// <inheritdoc/>
    public override void Update(Unfolding y, long count, ScratchArea scratch)
    {
        bool isFresh = count % settings.StatisticsEvery == 0;
        if (isFresh)
        {
            _factor.Add(y, settings.Decay, settings.Weight, scratch);
        }

        if (count % settings.RootsEvery == 0 && HasChanged(count))
        {
            double updates = (count / settings.StatisticsEvery) + 1;
            bool corrects = settings.CorrectsBias && settings.Decay < 1;
            TakeRoot(corrects ? 1 - Math.Pow(settings.Decay, updates) : 1, isFresh, scratch);
        }
    }

    /// <inheritdoc/>
    public override void Apply(Span<float> block, int outer, int inner, Span<float> spare, WorkSharing work)
    {
        MatrixLayout square = new(length, length);
        Span<float> product = spare[..block.Length];
        if (inner == 1)
        {
            MatrixLayout rows = new(outer, length);
            MatrixProduct.Multiply(block, rows, _root, square, product, rows, work);
        }
        else
        {
            BatchLayout columns = new(new MatrixLayout(length, inner), length * inner, 0);
            MatrixProduct.MultiplyBatched(outer, 1, _root, new BatchLayout(square, 0, 0), block, columns, product, columns, work);
        }

        product.CopyTo(block);
    }

    /// <inheritdoc/>
    public override IEnumerable<Memory<float>> State() => [_factor.Values.AsMemory(), _root.AsMemory()];

    // Whether the factor took something in since the root before. Without that the root is the same, and one of the rounded factor would be
    // worse: a ridge may be as small as the factor's rounding.
    private bool HasChanged(long count) =>
        count < settings.RootsEvery || count / settings.StatisticsEvery != (count - settings.RootsEvery) / settings.StatisticsEvery;

    // The factor just taken in lies at the beginning of the scratch, not yet rounded.
    private void TakeRoot(double biasCorrection, bool isFresh, ScratchArea scratch)
    {
        int stride = SymmetricProduct.Stride(length);
        Span<double> vectors = scratch.Take<double>(length * length);
        Span<double> root = scratch.Take<double>(length * length);
        Span<double> panel = scratch.Take<double>(SymmetricProduct.PanelRows * stride);
        Span<double> values = scratch.Take<double>(length);
        if (isFresh)
        {
            DoubleKernels.Scale(1 / biasCorrection, vectors);
        }
        else
        {
            _factor.CopyTo(vectors, biasCorrection);
        }

        SymmetricEigen.Decompose(vectors, values, scratch);
        TakePowers(values);

        // R = sum of f_j v_j v_j^T with f >= 0: the Gram matrix of the rows sqrt(f_j) v_j.
        root.Clear();
        panel.Clear();
        for (int start = 0; start < length; start += SymmetricProduct.PanelRows)
        {
            int rows = Math.Min(SymmetricProduct.PanelRows, length - start);
            for (int i = 0; i < rows; i++)
            {
                Span<double> row = panel.Slice(i * stride, length);
                row.Clear();
                DoubleKernels.AddScaled(Math.Sqrt(values[start + i]), vectors.Slice((start + i) * length, length), row);
            }

            SymmetricProduct.Add(panel, rows, length, root);
        }

        for (int i = 0; i < length; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                float element = (float)root[i * length + j];
                _root[i * length + j] = element;
                _root[j * length + i] = element;
            }
        }
    }

    // lambda^e in place; what the pseudo-inverse leaves out is 0.
    private void TakePowers(Span<double> values)
    {
        double largest = values.IsEmpty ? 0 : Math.Max(values[0], 0);
        double ridge = settings.IsRelative ? settings.Epsilon * largest : settings.Epsilon;
        foreach (ref double value in values)
        {
            value = settings.Mode == RootMode.PseudoInverse
                ? PseudoInverse.Power(value <= settings.RankTolerance * largest ? 0 : value, settings.Exponent)
                : PseudoInverse.Power(Math.Max(value, 0) + ridge, settings.Exponent);
        }
    }
}
