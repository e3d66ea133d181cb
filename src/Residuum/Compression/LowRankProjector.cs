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
/// direction; they become zero and the Q of such a column stays as it was, so that a later gradient finds it again (5.3). 3 r flops an
/// entry and more, a small part of what a combination of the window's rows costs: one thread.
/// </remarks>
internal sealed class LowRankProjector
{
    // Of a column's length, what must be left beside the columns before it.
    private const double SmallestRemainder = 1e-6;

    // Of |M| |q|, what rounding the entries of M = e + g to float32 may leave in a column M q that would be zero (ours; the page has exact
    // sums).
    private const double RoundingOfMatrix = 1e-6;

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
        ulong series = SharedDraws.Series(seed, step: 0, (ulong)parameter);
        for (int i = 0; i < _q.Length; i++)
        {
            _q[(i % Rank * _columns) + (i / Rank)] = (float)SharedDraws.Normal(series, (ulong)i);
        }
    }

    /// <summary>The bytes of scratch of a compression.</summary>
    public static long ScratchBytes(int rows, int columns, int rank) =>
        ScratchArea.BytesOf<double>((long)EffectiveRank(rows, columns, rank) * rows) + ScratchArea.BytesOf<double>(columns);

    /// <summary>Compresses a matrix. Sums are in double; P, Q and what is left are each rounded once.</summary>
    /// <param name="matrix">M, R x C; left with M - P Q^T.</param>
    /// <param name="p">Takes P transposed, r x R.</param>
    /// <param name="q">Takes Q transposed, r x C.</param>
    /// <param name="scratch">At least <see cref="ScratchBytes"/>.</param>
    public void Compress(Span<float> matrix, Span<float> p, Span<float> q, ScratchArea scratch)
    {
        Span<double> wide = scratch.Take<double>(p.Length);
        Span<double> sum = scratch.Take<double>(_columns);
        Project(matrix, wide);
        Orthonormalize(wide, Length(matrix));
        DoubleProducts.Round(wide, p);
        DoubleProducts.Widen(p, wide);
        for (int i = 0; i < Rank; i++)
        {
            Span<float> column = q.Slice(i * _columns, _columns);
            ReadOnlySpan<double> direction = wide.Slice(i * _rows, _rows);
            sum.Clear();
            DoubleProducts.AddRows(sum, direction, matrix);
            DoubleProducts.Round(sum, column);
            if (direction.ContainsAnyExcept(0))
            {
                column.CopyTo(_q.AsSpan(i * _columns));
            }
        }

        Remove(matrix, wide, q, sum);
    }

    // P = M Q.
    private void Project(ReadOnlySpan<float> matrix, Span<double> p)
    {
        for (int row = 0; row < _rows; row++)
        {
            for (int i = 0; i < Rank; i++)
            {
                p[(i * _rows) + row] = DoubleProducts.Dot(matrix.Slice(row * _columns, _columns), Kept(i));
            }
        }
    }

    // M = M - P Q^T, row by row.
    private void Remove(Span<float> matrix, ReadOnlySpan<double> p, ReadOnlySpan<float> q, Span<double> sum)
    {
        Span<double> weights = stackalloc double[1];
        for (int row = 0; row < _rows; row++)
        {
            Span<float> rest = matrix.Slice(row * _columns, _columns);
            DoubleProducts.Widen(rest, sum);
            for (int i = 0; i < Rank; i++)
            {
                weights[0] = -p[(i * _rows) + row];
                DoubleProducts.AddRows(sum, weights, q.Slice(i * _columns, _columns));
            }

            DoubleProducts.Round(sum, rest);
        }
    }

    // Gram-Schmidt, column by column, on rows of P transposed: a column loses its part along each earlier one, and is divided by its
    // length.
    private void Orthonormalize(Span<double> p, double lengthOfMatrix)
    {
        for (int i = 0; i < Rank; i++)
        {
            Span<double> column = p.Slice(i * _rows, _rows);
            double smallest = SmallestRemainder * Length(column);
            smallest = Math.Max(smallest, RoundingOfMatrix * lengthOfMatrix * Length(Kept(i)));
            for (int j = 0; j < i; j++)
            {
                ReadOnlySpan<double> earlier = p.Slice(j * _rows, _rows);
                DoubleKernels.AddScaled(-DoubleKernels.Dot(earlier, column), earlier, column);
            }

            double remainder = Length(column);
            if (remainder == 0 || remainder < smallest)
            {
                column.Clear();
                continue;
            }

            DoubleKernels.Scale(1 / (remainder + Epsilon), column);
        }
    }

    private ReadOnlySpan<float> Kept(int i) => _q.AsSpan(i * _columns, _columns);

    private static double Length(ReadOnlySpan<float> x) => Math.Sqrt(DoubleProducts.Dot(x, x));

    private static double Length(ReadOnlySpan<double> x) => Math.Sqrt(DoubleKernels.Dot(x, x));
}
