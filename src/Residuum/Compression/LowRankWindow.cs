using Residuum.Numerics;
using Residuum.State;

namespace Residuum.Compression;

/// <summary>A window of low-rank gradients of one matrix: the factors P and Q of every row (methods page of EFCP, section 5).</summary>
/// <remarks>
/// 4 m r (R + C) bytes, and 4 r C for the Q that the next compression starts with. Scalar products come from the factors,
/// <c>sum over p, q of (Pa^T Pb)_pq (Qa^T Qb)_pq</c>; a combination is a matrix product of inner dimension m r. Both are in double: where
/// rows depend on each other and damping is tiny, weights are large and the weighted rows cancel.
/// </remarks>
internal sealed class LowRankWindow : GradientWindow, IWork
{
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
    private readonly Scratch _products;
    private readonly Scratch _scratch;
    private bool _isCombining;
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
        _p = new float[Require.ArrayLength((long)gradients * projector.Rank * _rows, "window", "factors")];
        _q = new float[Require.ArrayLength((long)gradients * projector.Rank * _columns, "window", "factors")];
        _products = new Scratch(1, ScratchArea.BytesOf<double>(gradients));
        _scratch = new Scratch(work.Threads, WorkerBytes(_rows, _columns, projector.Rank));
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

    /// <summary>The bytes of scratch: a number per gradient, and what a compression or a tile of a combination needs.</summary>
    public static long ScratchBytes(int rows, int columns, int rank, int gradients, int threads) =>
        ScratchArea.BytesOf<double>(gradients) + ((long)threads * WorkerBytes(rows, columns, rank));

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
        _projector.Compress(Matrix(), P(slot, 1), Q(slot, 1), _scratch.Area(0));
        _isCombining = false;
        _slot = slot;
        _filled = filled;
        _work.Run(this, (filled + GradientsOfChunk - 1) / GradientsOfChunk);
        ReadOnlySpan<double> own = PerGradient();
        for (int gradient = 0; gradient < filled; gradient++)
        {
            products[gradient] += own[gradient];
        }
    }

    public override void Combine(ReadOnlySpan<double> weights)
    {
        if (weights.IsEmpty)
        {
            Matrix().Clear();
            return;
        }

        _isCombining = true;
        _filled = weights.Length;
        weights.CopyTo(PerGradient());
        _work.Run(this, OuterProducts.Tiles(_rows, _columns));
    }

    void IWork.Run(int chunk, int worker)
    {
        Span<double> perGradient = PerGradient()[.._filled];
        if (_isCombining)
        {
            OuterProducts.Sum(chunk, perGradient, P(0, _filled), Q(0, _filled), _rows, _columns, Matrix(), _scratch.Area(worker));
            return;
        }

        for (int gradient = chunk * GradientsOfChunk; gradient < Math.Min(_filled, (chunk + 1) * GradientsOfChunk); gradient++)
        {
            perGradient[gradient] = Multiply(gradient, _slot);
        }
    }

    private static long WorkerBytes(int rows, int columns, int rank) =>
        Math.Max(LowRankProjector.ScratchBytes(rows, columns, rank), OuterProducts.ScratchBytes(rows, columns));

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

    // The products of the newest gradient with all, or the weights of a combination.
    private Span<double> PerGradient() => _products.Area(0).Take<double>(_gradients);
}
