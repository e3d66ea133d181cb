using Residuum.Numerics;

namespace Residuum.Compression;

/// <summary>
/// One warm-started power iteration (PowerSGD): of a matrix M it keeps <c>P Q^T</c>, P orthonormal (methods page of EFCP, section 5).
/// </summary>
/// <remarks>
/// <code>
/// P = M Q,  P = orthonormalise(P),  Q = M^T P,  M = M - P Q^T
/// </code>
/// P and Q are kept transposed: r rows of R and of C numbers. A matrix of zeros, or of a rank below r, leaves columns of P without a
/// direction; they become zero and the Q of such a column stays as it was, so that a later gradient finds it again (5.3).
/// </remarks>
internal sealed class LowRankProjector
{
    // Of a column's length, what must be left beside the columns before it.
    private const double SmallestRemainder = 1e-6;
    private const double NearlyDependent = 1e-2;

    // Added to a column's norm, as published: it shows where gradients are of the size of 1e-3 and less.
    private const double Epsilon = 1e-8;

    private readonly int _rows;
    private readonly int _columns;
    private readonly float[] _q;

    /// <summary>Makes a projector whose Q is zero until it is started.</summary>
    /// <param name="rows">R, at least 1.</param>
    /// <param name="columns">C, at least 1.</param>
    /// <param name="rank">r as asked for; the effective rank is min(r, R, C).</param>
    public LowRankProjector(int rows, int columns, int rank)
    {
        _rows = rows;
        _columns = columns;
        Rank = EffectiveRank(rows, columns, rank);
        _q = new float[Rank * columns];
    }

    /// <summary>The effective rank.</summary>
    public int Rank { get; }

    /// <summary>Q transposed, r x C: kept from step to step.</summary>
    public Memory<float> Q => _q;

    /// <summary>min(r, R, C).</summary>
    public static int EffectiveRank(int rows, int columns, int rank) => Math.Min(rank, Math.Min(rows, columns));

    /// <summary>Starts with a given Q.</summary>
    /// <param name="q">C x r, row-major.</param>
    public void Start(ReadOnlySpan<float> q)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(q.Length, _q.Length);
        for (int i = 0; i < q.Length; i++)
        {
            _q[(i % Rank * _columns) + (i / Rank)] = q[i];
        }
    }

    /// <summary>Starts with standard normal numbers (methods page of ConEF, section 4: step 0, normal j of the C x r matrix).</summary>
    /// <param name="seed">The draws' seed.</param>
    /// <param name="parameter">The parameter's position in the list.</param>
    public void Start(ulong seed, int parameter)
    {
        for (int i = 0; i < _q.Length; i++)
        {
            _q[(i % Rank * _columns) + (i / Rank)] = (float)SharedDraws.Normal(seed, step: 0, (ulong)parameter, (ulong)i);
        }
    }

    /// <summary>Compresses a matrix.</summary>
    /// <param name="matrix">M, R x C; left with M - P Q^T.</param>
    /// <param name="p">Takes P transposed, r x R.</param>
    /// <param name="q">Takes Q transposed, r x C.</param>
    /// <param name="work">Shares the products between threads.</param>
    public void Compress(Span<float> matrix, Span<float> p, Span<float> q, WorkSharing work)
    {
        MatrixLayout whole = new(_rows, _columns);
        MatrixLayout left = new(Rank, _rows);
        MatrixLayout right = new(Rank, _columns);
        MatrixProduct.Multiply(_q, right, matrix, whole.Transpose(), p, left, work);
        Orthonormalize(p);
        MatrixProduct.Multiply(p, left, matrix, whole, q, right, work);
        for (int i = 0; i < Rank; i++)
        {
            if (p.Slice(i * _rows, _rows).ContainsAnyExcept(0f))
            {
                q.Slice(i * _columns, _columns).CopyTo(_q.AsSpan(i * _columns));
            }
        }

        MatrixProduct.Multiply(p, left.Transpose(), q, right, matrix, whole, work, alpha: -1, beta: 1);
    }

    // Gram-Schmidt, column by column, on rows of P transposed.
    private void Orthonormalize(Span<float> p)
    {
        for (int i = 0; i < Rank; i++)
        {
            Span<float> column = p.Slice(i * _rows, _rows);
            double length = Length(column);
            RemoveEarlier(p, i, column);
            if (Length(column) < NearlyDependent * length)
            {
                // The rounding errors of the first removal are no longer small beside what remains.
                RemoveEarlier(p, i, column);
            }

            double remainder = Length(column);
            if (remainder == 0 || remainder < SmallestRemainder * length)
            {
                column.Clear();
                continue;
            }

            foreach (ref float entry in column)
            {
                entry = (float)(entry / (remainder + Epsilon));
            }
        }
    }

    private void RemoveEarlier(Span<float> p, int count, Span<float> column)
    {
        for (int j = 0; j < count; j++)
        {
            ReadOnlySpan<float> earlier = p.Slice(j * _rows, _rows);
            VectorKernels.MultiplyAdd(column, (float)-DoubleProducts.Dot(earlier, column), earlier, column);
        }
    }

    private static double Length(ReadOnlySpan<float> x) => Math.Sqrt(DoubleProducts.Dot(x, x));
}
