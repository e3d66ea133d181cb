using Residuum.Numerics;
using Residuum.State;

namespace Residuum.Compression;

/// <summary>A window of low-rank gradients of one matrix: the factors P and Q of every row (methods page of EFCP, section 5).</summary>
/// <remarks>
/// 4 m r (R + C) bytes, and 4 r C for the Q that the next compression starts with. Scalar products come from the factors,
/// <c>sum over p, q of (Pa^T Pb)_pq (Qa^T Qb)_pq</c>; a combination is a matrix product of inner dimension m r.
/// </remarks>
internal sealed class LowRankWindow : GradientWindow, IWork
{
    // The inner dimension of a product at a time: as deep as the product's own panels.
    private const int Depth = MatrixProduct.PanelDepth;
    private const int GradientsOfChunk = 16;

    private readonly string _owner;
    private readonly int _gradients;
    private readonly int _offset;
    private readonly int _rows;
    private readonly int _columns;
    private readonly FlatVector _vector;
    private readonly WorkSharing _work;
    private readonly LowRankProjector _projector;
    private readonly float[] _p;
    private readonly float[] _q;
    private readonly Scratch _scratch;
    private int _slot;
    private int _filled;

    /// <summary>Makes an empty window.</summary>
    /// <param name="owner">The parameter's name.</param>
    /// <param name="gradients">m, the gradients that the window holds.</param>
    /// <param name="vector">The vector of all parameters.</param>
    /// <param name="offset">The matrix's first entry in it.</param>
    /// <param name="rows">R, at least 1.</param>
    /// <param name="projector">Compresses R x C matrices.</param>
    /// <param name="work">Shares the products between threads.</param>
    public LowRankWindow(string owner, int gradients, FlatVector vector, int offset, int rows, LowRankProjector projector, WorkSharing work)
    {
        _owner = owner;
        _gradients = gradients;
        _vector = vector;
        _offset = offset;
        _rows = rows;
        _columns = projector.Q.Length / projector.Rank;
        _work = work;
        _projector = projector;
        _p = new float[checked(gradients * projector.Rank * _rows)];
        _q = new float[checked(gradients * projector.Rank * _columns)];
        _scratch = new Scratch(1, (int)ScratchBytes(_rows, _columns, projector.Rank, gradients));
    }

    /// <summary>The fields: <c>q</c> [r, C], <c>window_p</c> [m, r, R] and <c>window_q</c> [m, r, C], factors transposed.</summary>
    public static IEnumerable<FieldSpec> Fields(int rows, int columns, int rank, int gradients)
    {
        int effective = LowRankProjector.EffectiveRank(rows, columns, rank);
        return
        [
            new("q", ElementType.F32, effective, columns),
            new("window_p", ElementType.F32, gradients, effective, rows),
            new("window_q", ElementType.F32, gradients, effective, columns),
        ];
    }

    /// <summary>The bytes of scratch: weighted factors of the shorter side, and a product per gradient.</summary>
    public static long ScratchBytes(int rows, int columns, int rank, int gradients)
    {
        int effective = LowRankProjector.EffectiveRank(rows, columns, rank);
        int panel = GradientsOfPanel(effective, gradients) * effective * Math.Min(rows, columns);
        return ScratchArea.BytesOf<float>(panel) + ScratchArea.BytesOf<double>(gradients);
    }

    public override IEnumerable<StateField> State()
    {
        FieldSpec[] fields = [.. Fields(_rows, _columns, _projector.Rank, _gradients)];
        return
        [
            StateField.Of(_owner, fields[0], _projector.Q),
            StateField.Of(_owner, fields[1], _p.AsMemory()),
            StateField.Of(_owner, fields[2], _q.AsMemory()),
        ];
    }

    public override void Insert(int slot, int filled, Span<double> products)
    {
        _projector.Compress(Matrix(), P(slot, 1), Q(slot, 1), _work);
        _slot = slot;
        _filled = filled;
        _work.Run(this, (filled + GradientsOfChunk - 1) / GradientsOfChunk);
        ReadOnlySpan<double> own = Products();
        for (int gradient = 0; gradient < filled; gradient++)
        {
            products[gradient] += own[gradient];
        }
    }

    void IWork.Run(int chunk, int worker)
    {
        for (int gradient = chunk * GradientsOfChunk; gradient < Math.Min(_filled, (chunk + 1) * GradientsOfChunk); gradient++)
        {
            Products()[gradient] = Multiply(gradient, _slot);
        }
    }

    public override void Combine(ReadOnlySpan<double> weights)
    {
        Span<float> matrix = Matrix();
        MatrixLayout target = new(_rows, _columns);
        if (weights.IsEmpty)
        {
            matrix.Clear();
            return;
        }

        int rank = _projector.Rank;
        int panel = GradientsOfPanel(rank, _gradients);
        for (int first = 0; first < weights.Length; first += panel)
        {
            int count = Math.Min(panel, weights.Length - first);
            int depth = count * rank;
            bool scalesP = _rows <= _columns;
            ReadOnlySpan<float> p = P(first, count);
            ReadOnlySpan<float> q = Q(first, count);
            Span<float> scaled = Scaled()[..(scalesP ? p.Length : q.Length)];
            Scale(scalesP ? p : q, weights.Slice(first, count), scaled);
            MatrixLayout left = new MatrixLayout(depth, _rows).Transpose();
            MatrixLayout right = new(depth, _columns);
            int beta = first == 0 ? 0 : 1;
            MatrixProduct.Multiply(scalesP ? scaled : p, left, scalesP ? q : scaled, right, matrix, target, _work, beta: beta);
        }
    }

    private static int GradientsOfPanel(int rank, int gradients) => Math.Min(gradients, Math.Max(1, Depth / Math.Max(1, rank)));

    private static void Scale(ReadOnlySpan<float> factors, ReadOnlySpan<double> weights, Span<float> scaled)
    {
        int length = factors.Length / weights.Length;
        for (int gradient = 0; gradient < weights.Length; gradient++)
        {
            ReadOnlySpan<float> own = factors.Slice(gradient * length, length);
            Span<float> target = scaled.Slice(gradient * length, length);
            for (int i = 0; i < length; i++)
            {
                target[i] = (float)(weights[gradient] * own[i]);
            }
        }
    }

    private double Multiply(int a, int b)
    {
        double sum = 0;
        for (int i = 0; i < _projector.Rank; i++)
        {
            for (int j = 0; j < _projector.Rank; j++)
            {
                double ofP = DoubleProducts.Dot(Factor(P(a, 1), i, _rows), Factor(P(b, 1), j, _rows));
                sum += ofP * DoubleProducts.Dot(Factor(Q(a, 1), i, _columns), Factor(Q(b, 1), j, _columns));
            }
        }

        return sum;
    }

    private static Span<float> Factor(Span<float> factors, int index, int length) => factors.Slice(index * length, length);

    private Span<float> P(int gradient, int count) => _p.AsSpan(gradient * _projector.Rank * _rows, count * _projector.Rank * _rows);

    private Span<float> Q(int gradient, int count) => _q.AsSpan(gradient * _projector.Rank * _columns, count * _projector.Rank * _columns);

    private Span<float> Matrix() => _vector.Span.Slice(_offset, _rows * _columns);

    private Span<double> Products() => _scratch.Area(0).Take<double>(_gradients);

    private Span<float> Scaled()
    {
        ScratchArea area = _scratch.Area(0);
        area.Take<double>(_gradients);
        return area.Take<float>(GradientsOfPanel(_projector.Rank, _gradients) * _projector.Rank * Math.Min(_rows, _columns));
    }
}
