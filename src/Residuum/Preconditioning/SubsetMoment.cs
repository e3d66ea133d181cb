using Residuum.Numerics;
using Residuum.State;

namespace Residuum.Preconditioning;

/// <summary>
/// A second moment that subsets of a tensor's entries share: the sum of their squares (methods page of the baselines, section 7).
/// </summary>
/// <remarks>
/// V = beta V + (1 - beta) sum of x^2 over the subset; with beta = 1 (AdaGrad) V = V + sum. A subset is a group of consecutive entries, a
/// row being one, or a column. Columns need a pass of their own: <see cref="Begin"/>, <see cref="Add"/> every row, <see cref="Fold"/>,
/// <see cref="Divide"/>; other subsets can be added and divided row by row.
/// </remarks>
internal sealed class SubsetMoment
{
    private readonly string _name;
    private readonly int _group;
    private readonly RowBands _bands;
    private readonly long[] _shape;
    private readonly float[] _moments;
    private readonly float[] _columnSums;
    private double _keep;
    private double _take;
    private float _epsilon;

    /// <summary>Makes the moment of a tensor, all zeros.</summary>
    /// <param name="name">Its name in the list of state.</param>
    /// <param name="shape">The tensor's shape.</param>
    /// <param name="subset">Which entries share a number.</param>
    /// <exception cref="ArgumentException">The tensor is too small for the subsets.</exception>
    public SubsetMoment(string name, ReadOnlySpan<int> shape, SubsetSize subset)
    {
        _name = name;
        _group = subset.GroupOf(shape);
        _bands = new RowBands(shape);
        FieldSpec field = Field(name, shape, subset);
        _shape = [.. field.Shape];
        _moments = new float[field.Elements];
        _columnSums = new float[IsByColumn ? _bands.SumLength : 0];
    }

    /// <summary>Whether a subset is a column of a matrix, so that all rows must be added before the first can be divided.</summary>
    public bool IsByColumn => _group == 0;

    /// <summary>The entries that are treated at once.</summary>
    public int StretchLength => StretchLengthOf(_group, _bands);

    /// <summary>The entries that one thread works on.</summary>
    public int Granule => _group > 1 ? _group : IsByColumn ? _bands.Granule : 1;

    /// <summary>The field: one number a subset; of the tensor's shape where each entry has its own.</summary>
    /// <param name="name">The moment's name.</param>
    /// <param name="shape">The tensor's shape.</param>
    /// <param name="subset">Which entries share a number.</param>
    /// <exception cref="ArgumentException">The tensor is too small for the subsets.</exception>
    public static FieldSpec Field(string name, ReadOnlySpan<int> shape, SubsetSize subset) => subset.GroupOf(shape) switch
    {
        0 => new(name, ElementType.F32, shape[1]),
        1 => new(name, ElementType.F32, FieldSpec.Dimensions(shape)),
        int group => new(name, ElementType.F32, TensorShape.ElementCount(shape, name) / group),
    };

    /// <summary>The entries that are treated at once.</summary>
    /// <param name="shape">The tensor's shape.</param>
    /// <param name="subset">Which entries share a number.</param>
    public static int StretchLengthOf(ReadOnlySpan<int> shape, SubsetSize subset) =>
        StretchLengthOf(subset.GroupOf(shape), new RowBands(shape));

    /// <summary>The bytes of working memory, which hold nothing between steps: the columns' sums of each band.</summary>
    /// <param name="shape">The tensor's shape.</param>
    /// <param name="subset">Which entries share a number.</param>
    public static long ScratchBytes(ReadOnlySpan<int> shape, SubsetSize subset) =>
        subset.GroupOf(shape) == 0 ? sizeof(float) * (long)new RowBands(shape).SumLength : 0;

    /// <summary>The live field.</summary>
    /// <param name="owner">The parameter's name.</param>
    public StateField State(string owner) => StateField.Of(owner, new FieldSpec(_name, ElementType.F32, _shape), _moments.AsMemory());

    /// <summary>Prepares a step.</summary>
    /// <param name="beta">How much of the old moment stays; 1 for a sum.</param>
    /// <param name="epsilon">What is added to the root.</param>
    public void Begin(double beta, double epsilon)
    {
        _keep = beta;
        _take = beta == 1 ? 1 : 1 - beta;
        _epsilon = (float)epsilon;
        Array.Clear(_columnSums);
    }

    /// <summary>Takes in rows, groups, or a part of a vector.</summary>
    /// <param name="start">Its first entry in the tensor.</param>
    /// <param name="x">What is squared.</param>
    public void Add(int start, ReadOnlySpan<float> x)
    {
        if (IsByColumn)
        {
            RowKernels.SquareSums(x, _bands.Columns, [], _columnSums.AsSpan(_bands.SumOf(start), _bands.Columns));
        }
        else if (_group == 1)
        {
            MomentKernels.AverageSquares(_moments.AsSpan(start, x.Length), (float)_keep, x, (float)_take, 0);
        }
        else
        {
            Span<float> moments = _moments.AsSpan(start / _group, x.Length / _group);
            Span<float> sums = stackalloc float[moments.Length];
            RowKernels.SquareSums(x, _group, sums, []);
            for (int i = 0; i < moments.Length; i++)
            {
                moments[i] = (float)((_keep * moments[i]) + (_take * sums[i]));
            }
        }
    }

    /// <summary>Folds the sums of columns into their moments, when all rows have been added.</summary>
    public void Fold()
    {
        if (IsByColumn)
        {
            _bands.CombineSums(_columnSums);
            for (int j = 0; j < _moments.Length; j++)
            {
                _moments[j] = (float)((_keep * _moments[j]) + (_take * _columnSums[j]));
                _columnSums[j] = 1 / (MathF.Sqrt(_moments[j]) + _epsilon);
            }
        }
    }

    /// <summary><c>result = x / (sqrt(V) + epsilon)</c>.</summary>
    /// <param name="start">The first entry in the tensor.</param>
    /// <param name="x">Rows, groups, or a part of a vector.</param>
    /// <param name="result">As many entries; may be <paramref name="x"/>.</param>
    public void Divide(int start, ReadOnlySpan<float> x, Span<float> result)
    {
        if (IsByColumn)
        {
            RowKernels.Scale(x, _bands.Columns, [], _columnSums.AsSpan(0, _bands.Columns), result);
        }
        else if (_group == 1)
        {
            MomentKernels.DivideByRoot(x, _moments.AsSpan(start, x.Length), _epsilon, result);
        }
        else
        {
            ReadOnlySpan<float> moments = _moments.AsSpan(start / _group, x.Length / _group);
            Span<float> factors = stackalloc float[moments.Length];
            for (int i = 0; i < moments.Length; i++)
            {
                factors[i] = 1 / (MathF.Sqrt(moments[i]) + _epsilon);
            }

            RowKernels.Scale(x, _group, factors, [], result);
        }
    }

    private static int StretchLengthOf(int group, RowBands bands) => group switch
    {
        0 => bands.StretchLength,
        1 => RowBands.Stretch,
        _ => Math.Max(1, RowBands.Stretch / group) * group,
    };
}
