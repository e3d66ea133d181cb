using Residuum.Numerics;
using Residuum.State;

namespace Residuum.Preconditioning;

/// <summary>A sketched Kronecker factor and its inverse root, which is never formed (page, section 3).</summary>
/// <remarks>
/// With the eigenvalues <c>lambda_j = s_j^2 + rho</c> of the kept directions:
/// <code>
/// h_j = (lambda_j + epsilon)^e,  tau = (rho + epsilon)^e, or 0 where rho = 0
/// G^e Y = tau Y + U diag(h - tau) U^T Y
/// </code>
/// State: d k + 2 k + 2 float32.
/// </remarks>
internal sealed class SketchedFactor(int length, int rank, SketchedFactorSettings settings) : AxisPreconditioner
{
    private readonly float[] _root = new float[FrequentDirections.RankOf(length, rank)];
    private readonly float[] _escapedRoot = new float[1];

    /// <summary>The sketch.</summary>
    public FrequentDirections Sketch { get; } = new(length, rank);

    /// <summary>The factor's state: that of the sketch, <c>root</c> [k] and <c>escaped_root</c>.</summary>
    public static FieldSpec[] Fields(int length, int rank, string prefix) =>
    [
        .. FrequentDirections.Fields(length, rank, prefix),
        new(prefix + "root", ElementType.F32, FrequentDirections.RankOf(length, rank)),
        new(prefix + "escaped_root", ElementType.F32),
    ];

    /// <inheritdoc/>
    public override void Update(Unfolding y, long count, ScratchArea scratch)
    {
        if (count % settings.Every == 0)
        {
            Sketch.Update(y, settings.Sketch, scratch);
            TakeRoots();
        }
    }

    /// <inheritdoc/>
    public override void Apply(Span<float> block, int outer, int inner, Span<float> spare, WorkSharing work)
    {
        int k = Sketch.Rank;
        float tau = _escapedRoot[0];
        MatrixLayout directions = new(k, length);
        Span<float> inside = spare[..(outer * k * inner)];
        if (inner == 1)
        {
            MatrixLayout rows = new(outer, length);
            MatrixLayout insideRows = new(outer, k);
            MatrixProduct.Multiply(block, rows, Sketch.Directions, directions.Transpose(), inside, insideRows, work);
            Weigh(inside, 1);
            MatrixProduct.Multiply(inside, insideRows, Sketch.Directions, directions, block, rows, work, beta: tau);
        }
        else
        {
            BatchLayout columns = new(new MatrixLayout(length, inner), length * inner, 0);
            BatchLayout insideColumns = new(new MatrixLayout(k, inner), k * inner, 0);
            BatchLayout basis = new(directions, 0, 0);
            BatchLayout transposed = new(directions.Transpose(), 0, 0);
            MatrixProduct.MultiplyBatched(outer, 1, Sketch.Directions, basis, block, columns, inside, insideColumns, work);
            Weigh(inside, inner);
            MatrixProduct.MultiplyBatched(outer, 1, Sketch.Directions, transposed, inside, insideColumns, block, columns, work, beta: tau);
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<Memory<float>> State() =>
    [
        Sketch.Directions.AsMemory(),
        Sketch.SingularValues.AsMemory(),
        Sketch.EscapedMass.AsMemory(),
        _root.AsMemory(),
        _escapedRoot.AsMemory(),
    ];

    private void TakeRoots()
    {
        double rho = Sketch.EscapedMass[0];
        double first = Sketch.SingularValues[0];
        double largest = first == 0 ? 0 : (first * first) + rho;
        double epsilon = settings.IsRelative ? settings.Epsilon * largest : settings.Epsilon;
        for (int j = 0; j < Sketch.Rank; j++)
        {
            double s = Sketch.SingularValues[j];
            _root[j] = s == 0 ? 0 : (float)PseudoInverse.Power((s * s) + rho + epsilon, settings.Exponent);
        }

        _escapedRoot[0] = rho == 0 ? 0 : (float)PseudoInverse.Power(rho + epsilon, settings.Exponent);
    }

    // U^T Y as [outer, k, inner], each line times h_j - tau.
    private void Weigh(Span<float> inside, int inner)
    {
        int k = Sketch.Rank;
        for (int line = 0; line < inside.Length / inner; line++)
        {
            float factor = _root[line % k] - _escapedRoot[0];
            foreach (ref float entry in inside.Slice(line * inner, inner))
            {
                entry *= factor;
            }
        }
    }
}
