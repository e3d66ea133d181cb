using Residuum.Numerics;
using Residuum.State;

namespace Residuum.Preconditioning;

/// <summary>
/// Frequent Directions with escaped mass: a sketch <c>U diag(s^2) U^T</c> of k directions of a d x d covariance G, and the mass rho that
/// was taken from it.
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
/// eigenproblem are in double; a singular value is thus known to 1e-8 of the largest, far below the rank tolerance. For long axes the
/// leading directions come from <see cref="LeadingEigen"/>, and c is then a bound on the (k + 1)-th singular value, never less than it.
/// </remarks>
/// <param name="dimension">d, at least 0.</param>
/// <param name="rank">k before it is limited by d.</param>
internal sealed class FrequentDirections(int dimension, int rank)
{
    // From this length on, and where few enough directions are kept, they are found by iteration from the old ones.
    private const int ShortestIterated = 512;

    // Elements of B's columns that are widened at a time while the new directions are formed.
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
        long bytes = ScratchArea.BytesOf<double>((long)size * size) + ScratchArea.BytesOf<double>(size) + ScratchArea.BytesOf<double>(k)
            + ScratchArea.BytesOf<double>((long)Stretch * SymmetricProduct.Stride(size));
        return bytes + (IsIterated(dimension, k, columns)
            ? ScratchArea.BytesOf<double>((long)k * dimension) + LeadingEigen.ScratchBytes(dimension, k)
            : SymmetricEigen.ScratchBytes(size));
    }

    /// <summary>Takes in <c>X X^T</c>. An X that is not finite leaves the sketch as it is; reporting it is the guard's affair.</summary>
    /// <param name="x">X, d rows.</param>
    /// <param name="decay">The weights.</param>
    /// <param name="scratch">At least <see cref="ScratchBytes"/>.</param>
    public void Update(Unfolding x, in SketchDecay decay, ScratchArea scratch)
    {
        SketchSpectrum spectrum = Decompose(x, decay, scratch);
        if (spectrum.IsFinite)
        {
            Keep(x, decay, spectrum);
        }
    }

    /// <summary>What B is made of, without a change of the sketch: (1) to (6).</summary>
    /// <param name="x">X, d rows.</param>
    /// <param name="decay">The weights.</param>
    /// <param name="scratch">At least <see cref="ScratchBytes"/>; holds the result.</param>
    public SketchSpectrum Decompose(Unfolding x, in SketchDecay decay, ScratchArea scratch)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(x.Rows, Dimension, nameof(x));
        SketchColumns b = new(this, x, decay);
        bool isThin = b.Count <= Dimension;
        int size = isThin ? b.Count : Dimension;
        Span<double> gram = scratch.Take<double>(size * size);
        Span<double> sigma = scratch.Take<double>(size);
        Span<double> kept = scratch.Take<double>(Rank);
        Span<double> panel = scratch.Take<double>(Stretch * SymmetricProduct.Stride(size));
        gram.Clear();
        panel.Clear();
        if (isThin)
        {
            b.AddInnerProducts(gram, panel);
        }
        else
        {
            b.AddOuterProducts(gram, panel);
        }

        if (!HasFiniteDiagonal(gram, size))
        {
            return default;
        }

        Span<double> vectors = gram;
        if (IsIterated(Dimension, Rank, x.Columns))
        {
            sigma = sigma[..(Rank + 1)];
            vectors = Iterate(gram, sigma, decay.RankTolerance, scratch);                   // (2)
        }
        else
        {
            SymmetricEigen.Decompose(gram, sigma, scratch);                                 // (2)
        }

        TakeSingularValues(sigma, decay.RankTolerance);                                     // (3)
        double c = Rank < sigma.Length ? sigma[Rank] : 0;                                   // (4)
        for (int j = 0; j < Rank; j++)
        {
            // Not sqrt(sigma^2 - c^2), which would lose what is left of two near numbers.
            kept[j] = Math.Sqrt(Math.Max(sigma[j] - c, 0)) * Math.Sqrt(sigma[j] + c);       // (5)
        }

        return new SketchSpectrum
        {
            IsFinite = true,
            IsThin = isThin,
            Vectors = vectors,
            Sigma = sigma,
            SingularValues = kept,
            EscapedMass = (decay.TailDecay * EscapedMass[0]) + (c * c),                     // (6)
            Panel = panel,
        };
    }

    /// <summary>Takes in what was decomposed; here U, s and rho are rounded to float32.</summary>
    /// <param name="x">X.</param>
    /// <param name="decay">The weights.</param>
    /// <param name="spectrum">What <see cref="Decompose"/> made of them, finite.</param>
    public void Keep(Unfolding x, in SketchDecay decay, in SketchSpectrum spectrum)
    {
        if (spectrum.IsThin)
        {
            FormDirections(new SketchColumns(this, x, decay), spectrum);
        }
        else
        {
            Narrow(spectrum.Vectors[..(Rank * Dimension)], Directions);
        }

        for (int j = 0; j < Rank; j++)
        {
            SingularValues[j] = (float)spectrum.SingularValues[j];
            if (SingularValues[j] == 0)
            {
                Direction(j).Clear();
            }
        }

        EscapedMass[0] = (float)spectrum.EscapedMass;
    }

    /// <summary>
    /// <c>w = w - (a g + U diag(b) U^T g)</c> for the g that is being taken in and the U that is about to be kept, in double.
    /// </summary>
    /// <remarks>
    /// g is a column of B, hence <c>g = sum over j of w_j (w_j^T g)</c> over all left vectors, where thin <c>= B sum over j of v_j v_j^T e
    /// / sqrt(weight)</c> with e the last unit vector: the step is a combination of B's columns. The new U is not needed, and its rounding
    /// to float32, which a large a would multiply, does not enter.
    /// </remarks>
    /// <param name="spectrum">The decomposition with X = g, finite.</param>
    /// <param name="decay">Its weights.</param>
    /// <param name="g">g, d elements.</param>
    /// <param name="a">The factor of g.</param>
    /// <param name="b">One factor a direction.</param>
    /// <param name="w">w, d elements.</param>
    public void Descend(
        in SketchSpectrum spectrum, in SketchDecay decay, ReadOnlySpan<float> g, double a, ReadOnlySpan<double> b, Span<float> w)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(g.Length, Dimension, nameof(g));
        ArgumentOutOfRangeException.ThrowIfNotEqual(w.Length, Dimension, nameof(w));
        int size = spectrum.Sigma.Length;
        double root = Math.Sqrt(decay.Weight);
        Span<double> combination = spectrum.Panel[..size];
        combination.Clear();
        for (int j = 0; j < size; j++)
        {
            ReadOnlySpan<double> v = spectrum.Vectors.Slice(j * size, size);
            double along = spectrum.IsThin ? v[^1] / root : DoubleProducts.Dot(g, v);
            DoubleKernels.AddScaled((j < Rank ? a + b[j] : a) * along, v, combination);
        }

        if (!spectrum.IsThin)
        {
            Subtract(combination, w);
            return;
        }

        SketchColumns columns = new(this, new Unfolding(g), decay);
        Span<double> stretch = stackalloc double[Stretch];
        Span<double> column = stackalloc double[Stretch];
        for (int start = 0; start < Dimension; start += Stretch)
        {
            int length = Math.Min(Stretch, Dimension - start);
            Span<double> direction = stretch[..length];
            direction.Clear();
            for (int i = 0; i < size; i++)
            {
                columns.CopyColumn(i, start, column[..length]);
                DoubleKernels.AddScaled(combination[i], column[..length], direction);
            }

            Subtract(direction, w.Slice(start, length));
        }
    }

    /// <summary>A direction, d elements.</summary>
    public Span<float> Direction(int j) => Directions.AsSpan(j * Dimension, Dimension);

    private static bool IsIterated(int dimension, int rank, int columns) =>
        rank + columns > dimension && dimension >= ShortestIterated && 2 * (rank + LeadingEigen.ExtraRows) <= dimension;

    /// <summary>
    /// Leading directions from the old ones; the last value is a bound on what they leave over, so the escaped mass is never too small.
    /// </summary>
    private Span<double> Iterate(Span<double> gram, Span<double> values, double rankTolerance, ScratchArea scratch)
    {
        Span<double> vectors = scratch.Take<double>(Rank * Dimension);
        for (int i = 0; i < vectors.Length; i++)
        {
            vectors[i] = Directions[i];
        }

        // What is left over and below the tolerance is to count as 0: a little less than the tolerance, so that rounding cannot lift it
        // over.
        LeadingEigen.Decompose(gram, Dimension, vectors, values, 0.99 * rankTolerance * rankTolerance, scratch);
        return vectors;
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
    private void FormDirections(SketchColumns b, in SketchSpectrum spectrum)
    {
        int columns = b.Count;
        Span<double> stretch = stackalloc double[Stretch];
        for (int start = 0; start < Dimension; start += Stretch)
        {
            int length = Math.Min(Stretch, Dimension - start);
            for (int column = 0; column < columns; column++)
            {
                b.CopyColumn(column, start, spectrum.Panel.Slice(column * Stretch, length));
            }

            for (int j = 0; j < Rank; j++)
            {
                Span<double> sum = stretch[..length];
                sum.Clear();
                double sigma = spectrum.Sigma[j];
                for (int column = 0; column < columns && sigma > 0; column++)
                {
                    double factor = spectrum.Vectors[j * columns + column] / sigma;
                    DoubleKernels.AddScaled(factor, spectrum.Panel.Slice(column * Stretch, length), sum);
                }

                Narrow(sum, Direction(j).Slice(start, length));
            }
        }
    }

    private static void Subtract(ReadOnlySpan<double> direction, Span<float> w)
    {
        for (int i = 0; i < direction.Length; i++)
        {
            w[i] = (float)(w[i] - direction[i]);
        }
    }

    private static void Narrow(ReadOnlySpan<double> source, Span<float> target)
    {
        for (int i = 0; i < source.Length; i++)
        {
            target[i] = (float)source[i];
        }
    }
}
