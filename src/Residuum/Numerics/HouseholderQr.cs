namespace Residuum.Numerics;

/// <summary>
/// Orthonormal columns that span a skinny matrix: the Q of its thin QR factorization, by Householder reflections in float32.
/// </summary>
/// <remarks>
/// The matrix is handed over column by column (so its rows in memory are its columns). Column j of the result lies in the span of the
/// first j columns; where these are dependent, a direction orthogonal to them takes the place, and of columns that are exactly zero the
/// reflection is the identity, as in LAPACK: the Q of a zero matrix is the first unit vectors. Signs are those of a triangle whose diagonal
/// opposes the pivots. Each reflection is built so that it is orthogonal by itself, so Q is orthonormal to rounding for every input that is
/// finite. Panels of 32 columns are reflected one by one, the rest of the matrix by products: about 4 length count^2 flops.
/// Inner products are summed as <see cref="Reductions"/> says; the bits depend on the shape alone.
/// </remarks>
internal static class HouseholderQr
{
    private const int PanelColumns = 32;

    /// <summary>The scratch that <see cref="Orthonormalize"/> takes, in floats.</summary>
    /// <param name="length">The rows of the matrix.</param>
    /// <param name="count">The columns of the matrix.</param>
    public static long ScratchLength(int length, int count)
    {
        long panel = Math.Min(count, PanelColumns);
        return (panel * length) + (2 * panel * count) + (Panels(count) * panel * panel);
    }

    /// <summary>Replaces the columns by orthonormal ones.</summary>
    /// <param name="columns">Column j at <c>j * length</c>, finite.</param>
    /// <param name="length">The rows of the matrix.</param>
    /// <param name="count">The columns of the matrix, at most <paramref name="length"/>.</param>
    /// <param name="scratch">At least <see cref="ScratchLength"/> floats.</param>
    /// <param name="work">Shares the products between threads.</param>
    /// <exception cref="ArgumentException">There are more columns than rows, or a span is too short.</exception>
    public static void Orthonormalize(Span<float> columns, int length, int count, Span<float> scratch, WorkSharing work)
    {
        if (count < 0 || count > length)
        {
            throw new ArgumentException(
                $"There are {count} columns of {length} rows; there can be no more columns than rows.", nameof(count));
        }

        if (columns.Length < (long)length * count || scratch.Length < ScratchLength(length, count))
        {
            throw new ArgumentException(
                $"{count} columns of {length} rows need {(long)length * count} floats and {ScratchLength(length, count)} of scratch; "
                    + $"there are {columns.Length} and {scratch.Length}.",
                nameof(columns));
        }

        if (count == 0)
        {
            return;
        }

        int panel = Math.Min(count, PanelColumns);
        Reflector reflector = new()
        {
            Columns = columns,
            Length = length,
            Vectors = scratch[..(panel * length)],
            First = scratch.Slice(panel * length, panel * count),
            Second = scratch.Slice(panel * (length + count), panel * count),
            Work = work,
        };
        Span<float> triangles = scratch.Slice(panel * (length + (2 * count)), (int)Panels(count) * panel * panel);

        for (int start = 0; start < count; start += PanelColumns)
        {
            int end = Math.Min(start + PanelColumns, count);
            Span<float> t = triangles.Slice(start / PanelColumns * panel * panel, panel * panel);
            reflector.Factor(start, end, t);
            reflector.Apply(start, end, t, end, count, transposed: true);
        }

        for (int start = (count - 1) / PanelColumns * PanelColumns; start >= 0; start -= PanelColumns)
        {
            int end = Math.Min(start + PanelColumns, count);
            Span<float> t = triangles.Slice(start / PanelColumns * panel * panel, panel * panel);
            reflector.Apply(start, end, t, end, count, transposed: false);
            reflector.Form(start, end, t);
        }
    }

    private static long Panels(int count) => (count + PanelColumns - 1) / PanelColumns;

    /// <summary>The reflections of a panel, H1 H2 ... = I - V T V^T with V unit lower trapezoidal and T upper triangular.</summary>
    private ref struct Reflector
    {
        public Span<float> Columns;
        public int Length;
        public Span<float> Vectors;
        public Span<float> First;
        public Span<float> Second;
        public WorkSharing Work;

        /// <summary>Turns the panel's columns into V (zeros above the diagonal, which is 1) and fills T.</summary>
        public readonly void Factor(int start, int end, Span<float> t)
        {
            int width = end - start;
            Span<double> tau = stackalloc double[PanelColumns];
            for (int j = start; j < end; j++)
            {
                Span<float> v = Column(j, j);
                tau[j - start] = Reflection(v);
                for (int k = j + 1; k < end; k++)
                {
                    Span<float> x = Column(k, j);
                    VectorKernels.MultiplyAdd(x, (float)(-tau[j - start] * Reductions.Dot(v, x)), v, x);
                }

                Column(j, start)[..(j - start)].Clear();
            }

            // T grows by a column per reflection: t = -tau T V^T v above the diagonal, tau on it.
            Span<double> inner = stackalloc double[PanelColumns];
            t.Clear();
            for (int j = 0; j < width; j++)
            {
                for (int i = 0; i < j; i++)
                {
                    inner[i] = Reductions.Dot(Column(start + i, start + j), Column(start + j, start + j));
                }

                for (int i = 0; i < j; i++)
                {
                    double sum = 0;
                    for (int k = i; k < j; k++)
                    {
                        sum += t[(i * width) + k] * inner[k];
                    }

                    t[(i * width) + j] = (float)(-tau[j] * sum);
                }

                t[(j * width) + j] = (float)tau[j];
            }
        }

        /// <summary>
        /// Multiplies the columns from <paramref name="first"/> to <paramref name="last"/> by I - V T V^T or its transpose.
        /// </summary>
        public readonly void Apply(int start, int end, ReadOnlySpan<float> t, int first, int last, bool transposed)
        {
            int width = end - start;
            int others = last - first;
            if (others == 0)
            {
                return;
            }

            // With the columns as rows of memory: C^T = C^T - ((C^T V) T') V^T, T' being T for the transpose and T^T otherwise.
            MatrixLayout v = new(width, Length - start, Length);
            MatrixLayout c = new(others, Length - start, Length);
            MatrixLayout small = new(others, width);
            MatrixLayout triangle = new(width, width);
            ReadOnlySpan<float> vectors = Columns[((start * Length) + start)..];
            Span<float> targets = Columns[((first * Length) + start)..];
            MatrixProduct.Multiply(targets, c, vectors, v.Transpose(), First, small, Work);
            MatrixProduct.Multiply(First, small, t, transposed ? triangle : triangle.Transpose(), Second, small, Work);
            MatrixProduct.Multiply(Second, small, vectors, v, targets, c, Work, alpha: -1, beta: 1);
        }

        /// <summary>Replaces V by the panel's own columns of Q: (I - V T V^T) E, where E is that part of the identity.</summary>
        public readonly void Form(int start, int end, ReadOnlySpan<float> t)
        {
            int width = end - start;
            int rows = Length - start;
            MatrixLayout square = new(width, width);
            for (int j = 0; j < width; j++)
            {
                Column(start + j, start).CopyTo(Vectors[(j * rows)..]);
            }

            // Q^T = E^T - (V1 T^T) V^T with V1 = V^T E transposed, the first rows of V: V1[j, i] is entry j of vector i.
            MatrixProduct.Multiply(
                Vectors, new MatrixLayout(width, width, rows, IsTransposed: true), t, square.Transpose(), First, square, Work);
            MatrixProduct.Multiply(
                First,
                square,
                Vectors,
                new MatrixLayout(width, rows),
                Columns[((start * Length) + start)..],
                new MatrixLayout(width, rows, Length),
                Work,
                alpha: -1);
            for (int j = start; j < end; j++)
            {
                Columns[(j * Length) + j]++;
                Columns.Slice(j * Length, start).Clear();
            }
        }

        /// <summary>A column from a row on.</summary>
        private readonly Span<float> Column(int column, int row) => Columns.Slice((column * Length) + row, Length - row);

        /// <summary>
        /// Replaces x by v, with v[0] = 1, and returns tau, so that I - tau v v^T sends x to a multiple of the first unit vector.
        /// </summary>
        private static double Reflection(Span<float> x)
        {
            double norm = Math.Sqrt(Reductions.SumOfSquares(x));
            if (norm == 0)
            {
                x.Clear();
                x[0] = 1;
                return 0;
            }

            double pivot = x[0] + (x[0] < 0 ? -norm : norm);
            x[0] = 1;
            VectorKernels.Scale(x[1..], (float)(1 / pivot));

            // From v itself and not from the norm: the reflection is orthogonal even where squares have lost bits to underflow.
            return 2 / Reductions.SumOfSquares(x);
        }
    }
}
