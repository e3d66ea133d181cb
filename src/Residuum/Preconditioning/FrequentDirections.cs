using Residuum.Numerics;
using Residuum.State;

namespace Residuum.Preconditioning;

/// <summary>
/// Frequent Directions with escaped mass: a sketch <c>U diag(s^2) U^T</c> of k directions of a d x d covariance G, and the mass rho that was
/// taken from it.
/// </summary>
/// <remarks>
/// For every update <c>G = decay G + weight X X^T</c> (page, section 2):
/// <code>
/// B = [ sqrt(decay) U diag(s) , sqrt(weight) X ]               (1)
/// sigma, w = singular values and left vectors of B             (2)
/// sigma = 0 where sigma &lt;= rankTolerance sigma_1               (3)
/// c = sigma_(k+1)                                              (4)
/// s_j = sqrt(sigma_j^2 - c^2), U_j = w_j, or 0 where s_j = 0   (5)
/// rho = tailDecay rho + c^2                                    (6)
/// </code>
/// Then <c>0 &lt;= G - U diag(s^2) U^T &lt;= rho I</c>. State: d k + k + 1 float32. The Gram matrix of B, on its shorter side, and its
/// eigenproblem are in double; a singular value is thus known to 1e-8 of the largest, far below the rank tolerance. For long axes the leading
/// directions come from <see cref="LeadingEigen"/>, and c is then a bound on the (k + 1)-th singular value, never less than it.
/// </remarks>
/// <param name="dimension">d, at least 0.</param>
/// <param name="rank">k before it is limited by d.</param>
internal sealed class FrequentDirections(int dimension, int rank)
{
    // From this length on, and where few enough directions are kept, they are found by iteration from the old ones.
    private const int ShortestIterated = 512;

    // Columns of B that are widened at a time while the new directions are formed.
    private const int Stretch = SymmetricProduct.PanelRows;

    /// <summary>d, the length of a direction.</summary>
    public int Dimension { get; } = dimension;

    /// <summary>k, the directions kept: never more than d.</summary>
    public int Rank { get; } = RankOf(dimension, rank);

    /// <summary>U^T: k directions of d elements, orthonormal or 0, in the order of <see cref="SingularValues"/>.</summary>
    public float[] Directions { get; } = new float[(long)dimension * RankOf(dimension, rank)];

    /// <summary>s, descending; 0 where there is no direction.</summary>
    public float[] SingularValues { get; } = new float[RankOf(dimension, rank)];

    /// <summary>rho, one element.</summary>
    public float[] EscapedMass { get; } = new float[1];

    /// <summary>k for a dimension: min(rank, d).</summary>
    public static int RankOf(int dimension, int rank) => Math.Min(rank, dimension);

    /// <summary>The sketch's state: <c>direction</c> [k, d], <c>singular_value</c> [k] and <c>escaped_mass</c>.</summary>
    /// <param name="dimension">d.</param>
    /// <param name="rank">k before it is limited by d.</param>
    /// <param name="prefix">What the names begin with.</param>
    public static FieldSpec[] Fields(int dimension, int rank, string prefix = "") =>
    [
        new(prefix + "direction", ElementType.F32, RankOf(dimension, rank), dimension),
        new(prefix + "singular_value", ElementType.F32, RankOf(dimension, rank)),
        new(prefix + "escaped_mass", ElementType.F32),
    ];

    /// <summary>The bytes of scratch that an update by X of <paramref name="columns"/> columns takes.</summary>
    public static long ScratchBytes(int dimension, int rank, int columns)
    {
        int k = RankOf(dimension, rank);
        int size = Math.Min(k + columns, dimension);
        long bytes = ScratchArea.BytesOf<double>(checked(size * size)) + ScratchArea.BytesOf<double>(size)
            + ScratchArea.BytesOf<double>(Stretch * SymmetricProduct.Stride(size));
        return bytes + (IsIterated(dimension, k, columns)
            ? ScratchArea.BytesOf<double>(k * dimension) + LeadingEigen.ScratchBytes(dimension, k)
            : SymmetricEigen.ScratchBytes(size));
    }

    /// <summary>Takes in <c>X X^T</c>. An X that is not finite leaves the sketch as it is; reporting it is the guard's affair.</summary>
    /// <param name="x">X, d rows.</param>
    /// <param name="decay">The weights.</param>
    /// <param name="scratch">At least <see cref="ScratchBytes"/>.</param>
    public void Update(Unfolding x, in SketchDecay decay, ScratchArea scratch)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(x.Rows, Dimension, nameof(x));
        int columns = Rank + x.Columns;
        bool isThin = columns <= Dimension;
        int size = isThin ? columns : Dimension;
        Span<double> gram = scratch.Take<double>(size * size);
        Span<double> sigma = scratch.Take<double>(size);
        Span<double> panel = scratch.Take<double>(Stretch * SymmetricProduct.Stride(size));
        gram.Clear();
        panel.Clear();
        if (isThin)
        {
            AddInnerProducts(x, decay, gram, size, panel);
        }
        else
        {
            AddOuterProducts(x, decay, gram, size, panel);
        }

        if (!HasFiniteDiagonal(gram, size))
        {
            return;
        }

        if (IsIterated(Dimension, Rank, x.Columns))
        {
            sigma = sigma[..(Rank + 1)];
            Iterate(gram, sigma, decay.RankTolerance, scratch);                             // (2), (3)
        }
        else
        {
            SymmetricEigen.Decompose(gram, sigma, scratch);                                 // (2)
            TakeSingularValues(sigma, decay.RankTolerance);                                 // (3)
        }

        if (isThin)
        {
            FormDirections(x, decay, gram, sigma, panel);
        }
        else if (!IsIterated(Dimension, Rank, x.Columns))
        {
            CopyDirections(gram, size);
        }

        Shrink(sigma, decay.TailDecay);
    }

    /// <summary><c>w = w - (a g + U diag(b) U^T g)</c>, in double, a stretch of elements at a time.</summary>
    /// <param name="g">g, d elements.</param>
    /// <param name="a">The factor of g.</param>
    /// <param name="b">One factor a direction; on return <c>diag(b) U^T g</c>.</param>
    /// <param name="w">w, d elements.</param>
    public void Descend(ReadOnlySpan<float> g, double a, Span<double> b, Span<float> w)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(g.Length, Dimension, nameof(g));
        ArgumentOutOfRangeException.ThrowIfNotEqual(w.Length, Dimension, nameof(w));
        for (int j = 0; j < Rank; j++)
        {
            b[j] *= b[j] == 0 ? 0 : DoubleKernels.Dot(Direction(j), g);
        }

        Span<double> stretch = stackalloc double[Stretch];
        for (int start = 0; start < Dimension; start += Stretch)
        {
            int length = Math.Min(Stretch, Dimension - start);
            Span<double> direction = stretch[..length];
            direction.Clear();
            DoubleKernels.AddScaled(a, g.Slice(start, length), direction);
            for (int j = 0; j < Rank; j++)
            {
                DoubleKernels.AddScaled(b[j], Direction(j).Slice(start, length), direction);
            }

            for (int i = 0; i < length; i++)
            {
                w[start + i] = (float)(w[start + i] - direction[i]);
            }
        }
    }

    private static bool IsIterated(int dimension, int rank, int columns) =>
        rank + columns > dimension && dimension >= ShortestIterated && 2 * (rank + LeadingEigen.ExtraRows) <= dimension;

    /// <summary>
    /// Leading directions from the old ones; the last value is a bound on what they leave over, so the escaped mass is never too small.
    /// </summary>
    private void Iterate(Span<double> gram, Span<double> sigma, double rankTolerance, ScratchArea scratch)
    {
        Span<double> vectors = scratch.Take<double>(Rank * Dimension);
        for (int i = 0; i < vectors.Length; i++)
        {
            vectors[i] = Directions[i];
        }

        // What is left over and below the tolerance is to count as 0: a little less than the tolerance, so that rounding cannot lift it over.
        LeadingEigen.Decompose(gram, Dimension, vectors, sigma, 0.99 * rankTolerance * rankTolerance, scratch);
        TakeSingularValues(sigma, rankTolerance);
        CopyDirections(vectors, Dimension);
    }

    private Span<float> Direction(int j) => Directions.AsSpan(j * Dimension, Dimension);

    /// <summary>B^T B, from the rows of B as they are: U is orthonormal only to rounding.</summary>
    private void AddInnerProducts(Unfolding x, in SketchDecay decay, Span<double> gram, int size, Span<double> panel)
    {
        double old = Math.Sqrt(decay.Decay);
        double fresh = Math.Sqrt(decay.Weight);
        int stride = SymmetricProduct.Stride(size);
        for (int start = 0; start < Dimension; start += Stretch)
        {
            int rows = Math.Min(Stretch, Dimension - start);
            for (int j = 0; j < Rank; j++)
            {
                double factor = old * SingularValues[j];
                ReadOnlySpan<float> direction = Direction(j).Slice(start, rows);
                for (int i = 0; i < rows; i++)
                {
                    panel[i * stride + j] = factor * direction[i];
                }
            }

            for (int i = 0; i < rows; i++)
            {
                x.CopyRow(start + i, fresh, panel.Slice(i * stride + Rank, x.Columns));
            }

            SymmetricProduct.Add(panel, rows, size, gram);
        }
    }

    /// <summary>B B^T = decay U diag(s^2) U^T + weight X X^T.</summary>
    private void AddOuterProducts(Unfolding x, in SketchDecay decay, Span<double> gram, int size, Span<double> panel)
    {
        int stride = SymmetricProduct.Stride(size);
        int columns = Rank + x.Columns;
        for (int start = 0; start < columns; start += Stretch)
        {
            int rows = Math.Min(Stretch, columns - start);
            for (int i = 0; i < rows; i++)
            {
                CopyColumnOfB(x, decay, start + i, 0, panel.Slice(i * stride, size));
            }

            SymmetricProduct.Add(panel, rows, size, gram);
        }
    }

    private void CopyColumnOfB(Unfolding x, in SketchDecay decay, int column, int firstRow, Span<double> target)
    {
        if (column >= Rank)
        {
            x.CopyColumn(column - Rank, firstRow, Math.Sqrt(decay.Weight), target);
            return;
        }

        target.Clear();
        DoubleKernels.AddScaled(Math.Sqrt(decay.Decay) * SingularValues[column], Direction(column).Slice(firstRow, target.Length), target);
    }

    // The diagonal of a Gram matrix bounds its other elements.
    private static bool HasFiniteDiagonal(ReadOnlySpan<double> gram, int size)
    {
        double trace = 0;
        for (int i = 0; i < size; i++)
        {
            trace += gram[i * size + i];
        }

        return double.IsFinite(trace);
    }

    private static void TakeSingularValues(Span<double> values, double rankTolerance)
    {
        double largest = values.IsEmpty ? 0 : Math.Sqrt(Math.Max(values[0], 0));
        for (int j = 0; j < values.Length; j++)
        {
            double sigma = Math.Sqrt(Math.Max(values[j], 0));
            values[j] = sigma <= rankTolerance * largest ? 0 : sigma;
        }
    }

    /// <summary>Left vectors from the right ones: <c>w_j = B v_j / sigma_j</c>, in place, a stretch of elements at a time.</summary>
    private void FormDirections(Unfolding x, in SketchDecay decay, ReadOnlySpan<double> right, ReadOnlySpan<double> sigma, Span<double> b)
    {
        int columns = sigma.Length;
        Span<double> stretch = stackalloc double[Stretch];
        for (int start = 0; start < Dimension; start += Stretch)
        {
            int length = Math.Min(Stretch, Dimension - start);
            for (int column = 0; column < columns; column++)
            {
                CopyColumnOfB(x, decay, column, start, b.Slice(column * Stretch, length));
            }

            for (int j = 0; j < Rank; j++)
            {
                Span<double> sum = stretch[..length];
                sum.Clear();
                for (int column = 0; column < columns && sigma[j] > 0; column++)
                {
                    DoubleKernels.AddScaled(right[j * columns + column] / sigma[j], b.Slice(column * Stretch, length), sum);
                }

                Narrow(sum, Direction(j).Slice(start, length));
            }
        }
    }

    private void CopyDirections(ReadOnlySpan<double> vectors, int size)
    {
        for (int j = 0; j < Rank; j++)
        {
            Narrow(vectors.Slice(j * size, size), Direction(j));
        }
    }

    private static void Narrow(ReadOnlySpan<double> source, Span<float> target)
    {
        for (int i = 0; i < source.Length; i++)
        {
            target[i] = (float)source[i];
        }
    }

    private void Shrink(ReadOnlySpan<double> sigma, double tailDecay)
    {
        double c = Rank < sigma.Length ? sigma[Rank] : 0;                                   // (4)
        for (int j = 0; j < Rank; j++)
        {
            // Not sqrt(sigma^2 - c^2), which would lose what is left of two near numbers.
            SingularValues[j] = (float)(Math.Sqrt(Math.Max(sigma[j] - c, 0)) * Math.Sqrt(sigma[j] + c));    // (5)
            if (SingularValues[j] == 0)
            {
                Direction(j).Clear();
            }
        }

        EscapedMass[0] = (float)(tailDecay * EscapedMass[0] + c * c);                       // (6)
    }
}
