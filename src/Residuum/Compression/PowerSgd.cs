using Residuum.Numerics;
using Residuum.State;

namespace Residuum.Compression;

/// <summary>
/// One power iteration on the sum of all workers' matrices: rank r, two all-reduced messages of r(R + D) floats (methods page of ConEF,
/// 3.3).
/// </summary>
/// <remarks>
/// <code>
/// Q = orthogonalize(the Q of the step before, or standard normals)     D x r
/// P = sum_i p_i Q,  orthogonalized                                     R x r
/// Q = mean_i p_i^T P,  kept for the next step
/// d = P Q^T,  and every worker counts d as sent
/// </code>
/// The projection of EFCP's low-rank methods follows other rules: it leaves the reused Q as it is and drops a null column of P where this
/// one draws all of Q anew. Without that, one gradient of zeros would leave Q = 0, which reproduces itself.
/// </remarks>
internal sealed class PowerSgd : SummedCompressor
{
    private readonly int _rows;
    private readonly int _columns;
    private readonly int _rank;
    private readonly double _epsilon;
    private readonly bool _isWarm;
    private readonly ulong _seed;
    private readonly ulong _parameter;
    private readonly WorkSharing _work;
    private readonly float[] _p;
    private readonly float[] _q;

    /// <summary>Makes a compressor of a matrix of <paramref name="rows"/> x <paramref name="columns"/>.</summary>
    /// <param name="rows">R.</param>
    /// <param name="columns">D.</param>
    /// <param name="rank">The rank asked for; r = min(R, D, rank).</param>
    /// <param name="epsilon">Added to the norm that a column is divided by.</param>
    /// <param name="isWarm">Whether the Q of the step before is used again.</param>
    /// <param name="seed">The exchange's seed.</param>
    /// <param name="parameter">The parameter's position in the list.</param>
    /// <param name="work">Shares the products between threads.</param>
    public PowerSgd(int rows, int columns, int rank, double epsilon, bool isWarm, ulong seed, ulong parameter, WorkSharing work)
    {
        _rows = rows;
        _columns = columns;
        _rank = RankOf(rows, columns, rank);
        _epsilon = epsilon;
        _isWarm = isWarm;
        _seed = seed;
        _parameter = parameter;
        _work = work;
        _p = new float[rows * _rank];
        _q = new float[columns * _rank];
    }

    public override int Rounds => 2;

    public override long ScratchBytes => sizeof(float) * (_p.Length + (_isWarm ? 0L : _q.Length));

    /// <summary>The bytes of P, and of a Q that is not kept: what <see cref="ScratchBytes"/> will be.</summary>
    public static long ScratchBytesOf(int rows, int columns, int rank, bool isWarm) =>
        sizeof(float) * (long)RankOf(rows, columns, rank) * (rows + (isWarm ? 0L : columns));

    private MatrixLayout Matrix => new(_rows, _columns);

    private MatrixLayout LayoutP => new(_rows, _rank);

    private MatrixLayout LayoutQ => new(_columns, _rank);

    /// <summary>r = min(R, D, rank).</summary>
    public static int RankOf(int rows, int columns, int rank) => LowRankProjector.EffectiveRank(rows, columns, rank);

    /// <summary>Whether a message is so much smaller than the matrix that it is compressed at all.</summary>
    public static bool Pays(int rows, int columns, int rank, double minCompressionRate) =>
        ((double)rows + columns) * RankOf(rows, columns, rank) * minCompressionRate < (double)rows * columns;

    /// <summary>The fields: <c>power_sgd_q</c> [D, r] with a warm start.</summary>
    public static IEnumerable<FieldSpec> Fields(int rows, int columns, int rank, bool isWarm) =>
        isWarm ? [new("power_sgd_q", ElementType.F32, columns, RankOf(rows, columns, rank))] : [];

    public override IEnumerable<StateField> State(string owner) =>
        Fields(_rows, _columns, _rank, _isWarm).Select(spec => StateField.Of(owner, spec, _q.AsMemory()));

    public override int Floats(int round) => round == 0 ? _p.Length : _q.Length;

    public override void Begin(long step)
    {
        if (!_isWarm || HasNullColumn())
        {
            ulong series = SharedDraws.Series(_seed, (ulong)step, _parameter);
            for (int j = 0; j < _q.Length; j++)
            {
                _q[j] = (float)SharedDraws.Normal(series, (ulong)j);
            }
        }

        GramSchmidt.Orthonormalize(_q, _rank, _epsilon);
    }

    public override void Encode(int round, ReadOnlySpan<float> corrected, Span<float> message)
    {
        if (round == 0)
        {
            MatrixProduct.Multiply(corrected, Matrix, _q, LayoutQ, message, LayoutP, _work);
        }
        else
        {
            MatrixProduct.Multiply(corrected, Matrix.Transpose(), _p, LayoutP, message, LayoutQ, _work);
        }
    }

    public override void Receive(int round, ReadOnlySpan<float> sum, int workers)
    {
        if (round == 0)
        {
            sum.CopyTo(_p);
            GramSchmidt.Orthonormalize(_p, _rank, _epsilon);
        }
        else
        {
            VectorKernels.Divide(sum, workers, _q);
        }
    }

    public override void Remove(Span<float> corrected) =>
        MatrixProduct.Multiply(_p, LayoutP, _q, LayoutQ.Transpose(), corrected, Matrix, _work, alpha: -1, beta: 1);

    public override void Decode(ReadOnlySpan<float> sum, int workers, Span<float> mean) =>
        MatrixProduct.Multiply(_p, LayoutP, _q, LayoutQ.Transpose(), mean, Matrix, _work);

    /// <summary>Whether some column is entirely zero, as all are before the first use, or holds a number that is not finite.</summary>
    private bool HasNullColumn()
    {
        for (int c = 0; c < _rank; c++)
        {
            bool isNull = true;
            for (int i = c; i < _q.Length; i += _rank)
            {
                if (!float.IsFinite(_q[i]))
                {
                    return true;
                }

                isNull &= _q[i] == 0;
            }

            if (isNull)
            {
                return true;
            }
        }

        return false;
    }
}
