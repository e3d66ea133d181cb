using Residuum.Numerics;
using Residuum.State;

namespace Residuum.Preconditioning;

/// <summary>
/// The second moment of a tensor: for matrices kept as running means of their rows and columns, whose product stands for it
/// (methods page of the baselines, sections 5 and 6); for vectors and scalars entry by entry.
/// </summary>
/// <remarks>
/// <para>
/// Of s = x^2 + epsilon, over the last two dimensions: r = beta r + (1 - beta) mean of s over a row, c = beta c + (1 - beta) mean over a
/// column, moment = r c^T / mean(r). With fewer than two dimensions: v = beta v + (1 - beta) s, moment = v.
/// </para>
/// <para>
/// A step goes over the tensor twice: <see cref="Begin"/>, <see cref="Add"/> every row, <see cref="Fold"/>, then <see cref="Divide"/> as
/// often as wanted. Rows may be added by several threads, those of one band by one. State: 4 bytes a row and a column; a vector's, 4 an
/// entry.
/// </para>
/// </remarks>
internal sealed class FactoredMoment
{
    private readonly string _name;
    private readonly int[] _shape;
    private readonly RowBands _bands;
    private readonly float[] _rows;
    private readonly float[] _columns;
    private readonly float[] _entries;
    private readonly float[] _rowFactors;
    private readonly float[] _columnFactors;
    private double _beta;
    private double _epsilon;

    /// <summary>Makes the moment of a tensor, all zeros.</summary>
    /// <param name="name">Its name in the list of state.</param>
    /// <param name="shape">The tensor's shape.</param>
    public FactoredMoment(string name, ReadOnlySpan<int> shape)
    {
        _name = name;
        _shape = shape.ToArray();
        _bands = new RowBands(shape);
        FieldSpec[] fields = [.. Fields(name, shape)];
        _rows = new float[_bands.IsMatrix ? fields[0].Elements : 0];
        _columns = new float[_bands.IsMatrix ? fields[1].Elements : 0];
        _entries = new float[_bands.IsMatrix ? 0 : fields[0].Elements];
        _rowFactors = new float[_rows.Length];
        _columnFactors = new float[_bands.SumLength];
    }

    /// <summary>How the tensor falls into rows.</summary>
    public RowBands Bands => _bands;

    /// <summary>
    /// The fields: <c>NAME_row</c> (the shape without its last dimension) and <c>NAME_column</c> (without the last but one), or
    /// <c>NAME</c>.
    /// </summary>
    /// <param name="name">The moment's name.</param>
    /// <param name="shape">The tensor's shape.</param>
    public static IReadOnlyList<FieldSpec> Fields(string name, ReadOnlySpan<int> shape)
    {
        long[] dimensions = FieldSpec.Dimensions(shape);
        return shape.Length < 2
            ? [new(name, ElementType.F32, dimensions)]
            : [
                new($"{name}_row", ElementType.F32, dimensions[..^1]),
                new($"{name}_column", ElementType.F32, [.. dimensions[..^2], dimensions[^1]]),
            ];
    }

    /// <summary>The bytes of working memory, which hold nothing between steps: a factor a row, and a column's sum for each band.</summary>
    /// <param name="shape">The tensor's shape.</param>
    public static long ScratchBytes(ReadOnlySpan<int> shape)
    {
        RowBands bands = new(shape);
        return sizeof(float) * (bands.IsMatrix ? (long)bands.Rows + bands.SumLength : 0);
    }

    /// <summary>The live fields.</summary>
    /// <param name="owner">The parameter's name.</param>
    public IEnumerable<StateField> State(string owner)
    {
        IReadOnlyList<FieldSpec> fields = Fields(_name, _shape);
        return _bands.IsMatrix
            ? [StateField.Of(owner, fields[0], _rows.AsMemory()), StateField.Of(owner, fields[1], _columns.AsMemory())]
            : [StateField.Of(owner, fields[0], _entries.AsMemory())];
    }

    /// <summary>Prepares a step.</summary>
    /// <param name="beta">How much of the old moment stays.</param>
    /// <param name="epsilon">What is added to every square.</param>
    public void Begin(double beta, double epsilon)
    {
        _beta = beta;
        _epsilon = epsilon;
        Array.Clear(_columnFactors);
    }

    /// <summary>Takes in rows of one band, or a part of a vector.</summary>
    /// <param name="start">Its first entry in the tensor.</param>
    /// <param name="x">What is squared.</param>
    public void Add(int start, ReadOnlySpan<float> x)
    {
        if (_bands.IsMatrix)
        {
            RowKernels.SquareSums(x, _bands.Columns, RowsFrom(start, x.Length), _columnFactors.AsSpan(_bands.SumOf(start), _bands.Columns));
        }
        else
        {
            MomentKernels.AverageSquares(_entries.AsSpan(start, x.Length), (float)_beta, x, (float)(1 - _beta), (float)_epsilon);
        }
    }

    /// <summary>Folds the sums of a matrix into its running means, when all rows have been added.</summary>
    public void Fold()
    {
        if (_bands.IsMatrix && _bands.Length > 0)
        {
            _bands.CombineSums(_columnFactors);
            for (int matrix = 0; matrix < _bands.Matrices; matrix++)
            {
                FoldRows(matrix * _bands.RowsOfMatrix);
                FoldColumns(matrix * _bands.Columns);
            }
        }
    }

    /// <summary><c>result = x / sqrt(moment)</c>.</summary>
    /// <param name="start">The first entry in the tensor, where a row begins.</param>
    /// <param name="x">Rows of one matrix, or a part of a vector.</param>
    /// <param name="result">As many entries; may be <paramref name="x"/>.</param>
    /// <param name="ahead">What will be wanted next, as many entries: requested from memory meanwhile; or none.</param>
    public void Divide(int start, ReadOnlySpan<float> x, Span<float> result, ReadOnlySpan<float> ahead = default)
    {
        if (_bands.IsMatrix)
        {
            ReadOnlySpan<float> columns = _columnFactors.AsSpan(_bands.MatrixOf(start) * _bands.Columns, _bands.Columns);
            RowKernels.Scale(x, _bands.Columns, RowsFrom(start, x.Length), columns, result, ahead);
        }
        else
        {
            MomentKernels.DivideByRoot(x, _entries.AsSpan(start, x.Length), 0, result);
        }
    }

    /// <summary>The sum of the squares of <c>x / sqrt(moment)</c>.</summary>
    /// <param name="start">The first entry in the tensor, where a row begins.</param>
    /// <param name="x">Rows of one matrix, or a part of a vector.</param>
    /// <param name="u">Working memory for as many entries.</param>
    /// <param name="ahead">What will be wanted next, as many entries: requested from memory meanwhile; or none.</param>
    public double SumOfSquares(int start, ReadOnlySpan<float> x, Span<float> u, ReadOnlySpan<float> ahead)
    {
        if (_bands.IsMatrix && ScaledRowSquares.Takes(x.Length, _bands.Columns))
        {
            ReadOnlySpan<float> columns = _columnFactors.AsSpan(_bands.MatrixOf(start) * _bands.Columns, _bands.Columns);
            return ScaledRowSquares.Sum(x, _bands.Columns, RowsFrom(start, x.Length), columns, ahead);
        }

        Divide(start, x, u, ahead);
        return Reductions.SumOfSquares(u);
    }

    /// <summary><c>w = decay w - eta (factor x / sqrt(moment))</c>.</summary>
    /// <param name="start">The first entry in the tensor, where a row begins.</param>
    /// <param name="w">Weights.</param>
    /// <param name="decay">Their factor.</param>
    /// <param name="x">Rows of one matrix, or a part of a vector.</param>
    /// <param name="factor">The factor of the quotient.</param>
    /// <param name="eta">How far the weights go.</param>
    /// <param name="u">Working memory for as many entries; used for vectors alone.</param>
    public void Descend(int start, Span<float> w, float decay, ReadOnlySpan<float> x, float factor, float eta, Span<float> u)
    {
        if (_bands.IsMatrix)
        {
            ReadOnlySpan<float> columns = _columnFactors.AsSpan(_bands.MatrixOf(start) * _bands.Columns, _bands.Columns);
            RowKernels.Descend(w, decay, x, _bands.Columns, RowsFrom(start, x.Length), columns, factor, eta);
            return;
        }

        Divide(start, x, u);
        VectorKernels.Scale(u, factor);
        VectorKernels.Scale(w, decay);
        VectorKernels.MultiplyAdd(w, -eta, u, w);
    }

    /// <summary>
    /// Of a matrix, with <c>u = factor x / sqrt(moment)</c>: <c>average = keep average + take u</c> and <c>deviation = u - average</c>.
    /// </summary>
    /// <param name="start">The first entry in the tensor, where a row begins.</param>
    /// <param name="x">Rows of one matrix.</param>
    /// <param name="factor">The factor of the quotient.</param>
    /// <param name="average">As many entries.</param>
    /// <param name="keep">How much of the average stays.</param>
    /// <param name="take">How much of u it takes in.</param>
    /// <param name="deviation">As many entries.</param>
    /// <param name="ahead">What will be wanted next, as many entries: requested from memory meanwhile; or none.</param>
    public void Deviate(
        int start,
        ReadOnlySpan<float> x,
        float factor,
        Span<float> average,
        float keep,
        float take,
        Span<float> deviation,
        ReadOnlySpan<float> ahead)
    {
        ReadOnlySpan<float> columns = _columnFactors.AsSpan(_bands.MatrixOf(start) * _bands.Columns, _bands.Columns);
        RowKernels.Deviate(x, _bands.Columns, RowsFrom(start, x.Length), columns, factor, average, keep, take, deviation, ahead);
    }

    private Span<float> RowsFrom(int start, int length) => _rowFactors.AsSpan(start / _bands.Columns, length / _bands.Columns);

    // Sums of squares become running means, and these 1 / sqrt(r / mean(r)).
    private void FoldRows(int first)
    {
        double sum = 0;
        for (int i = first; i < first + _bands.RowsOfMatrix; i++)
        {
            double mean = (_rowFactors[i] / (double)_bands.Columns) + _epsilon;
            _rows[i] = (float)((_beta * _rows[i]) + ((1 - _beta) * mean));
            sum += _rows[i];
        }

        double meanOfRows = sum / _bands.RowsOfMatrix;
        for (int i = first; i < first + _bands.RowsOfMatrix; i++)
        {
            _rowFactors[i] = (float)(1 / Math.Sqrt(_rows[i] / meanOfRows));
        }
    }

    private void FoldColumns(int first)
    {
        for (int j = first; j < first + _bands.Columns; j++)
        {
            double mean = (_columnFactors[j] / (double)_bands.RowsOfMatrix) + _epsilon;
            _columns[j] = (float)((_beta * _columns[j]) + ((1 - _beta) * mean));
            _columnFactors[j] = (float)(1 / Math.Sqrt(_columns[j]));
        }
    }
}
