using System.Runtime.CompilerServices;
using Residuum.Numerics;
using Residuum.State;

namespace Residuum.ErrorMemory;

/// <summary>
/// ConEF's error memory: each row of the matrix is a count sketch of W buckets that is never decoded and encoded again (methods page,
/// section 5).
/// </summary>
/// <remarks>
/// <code>
/// p = g + (1 - beta) D(S)
/// S = S + sk(r - (1 - beta) D(S)),  r = p - s
/// </code>
/// So S is the sketch of all that was never sent. With depth 1, sk(D(S)) multiplies bucket h by its load n_h, hence
/// <c>S[h] = (1 - (1 - beta) n_h) S[h] + sum of sign r</c>; this diverges unless (1 - beta) max n_h is at most 2. With depth 3, D takes the
/// median of three sketches.
/// </remarks>
internal sealed class CountSketchErrorMemory : ErrorMemory
{
    private readonly int _rows;
    private readonly int _columns;
    private readonly SketchHash[] _hashes;
    private readonly float _share;
    private readonly SketchBuckets _sketch;
    private readonly float[][] _buckets;
    private readonly float[] _row;

    /// <summary>Makes an empty memory of a matrix.</summary>
    /// <param name="rows">R.</param>
    /// <param name="columns">D.</param>
    /// <param name="hashes">One table, or three for the median of three.</param>
    /// <param name="beta">In [0, 1): what is kept back of the error at each step.</param>
    /// <param name="isHalf">Whether buckets are rounded to IEEE half after every update.</param>
    public CountSketchErrorMemory(int rows, int columns, SketchHash[] hashes, double beta, bool isHalf)
    {
        _rows = rows;
        _columns = columns;
        _hashes = hashes;
        _share = (float)(1 - beta);
        int width = hashes[0].Loads.Length;
        _sketch = new SketchBuckets((long)rows * width * hashes.Length, isHalf);
        _buckets = [.. hashes.Select(_ => new float[width])];
        _row = new float[columns];
    }

    public override int Granule => _columns;

    public override bool IsLinear => true;

    public override long ScratchBytes => ScratchBytesOf(_columns, _buckets[0].Length, _hashes.Length);

    /// <summary>The bytes of working memory: buckets and entries of one row.</summary>
    public static long ScratchBytesOf(int columns, int buckets, int depth) => sizeof(float) * ((depth * (long)buckets) + columns);

    /// <summary>The field: <c>error_sketch</c>, [R, W] or [3, R, W].</summary>
    public static IEnumerable<FieldSpec> Fields(int rows, int buckets, int depth, bool isHalf)
    {
        ElementType type = isHalf ? ElementType.F16 : ElementType.F32;
        return [depth == 1 ? new("error_sketch", type, rows, buckets) : new("error_sketch", type, depth, rows, buckets)];
    }

    public override IEnumerable<StateField> State(string owner) =>
        [_sketch.State(owner, Fields(_rows, _buckets[0].Length, _hashes.Length, _sketch.IsHalf).Single())];

    [MethodImpl(LaneLoop.KernelOptions)]
    public override void AddTo(ReadOnlySpan<float> gradient, Span<float> corrected, int start)
    {
        for (int first = 0; first < gradient.Length; first += _columns)
        {
            Decode((start + first) / _columns);
            ReadOnlySpan<float> error = _row;
            ReadOnlySpan<float> from = gradient.Slice(first, error.Length);
            Span<float> to = corrected.Slice(first, error.Length);
            for (int j = 0; j < error.Length; j++)
            {
                to[j] = from[j] + (_share * error[j]);
            }
        }
    }

    [MethodImpl(LaneLoop.KernelOptions)]
    public override void Update(ReadOnlySpan<float> rest, int start)
    {
        for (int first = 0; first < rest.Length; first += _columns)
        {
            int row = (start + first) / _columns;
            Decode(row);
            Span<float> increment = _row;
            ReadOnlySpan<float> left = rest.Slice(first, increment.Length);
            for (int j = 0; j < increment.Length; j++)
            {
                increment[j] = left[j] - (_share * increment[j]);
            }

            for (int f = 0; f < _hashes.Length; f++)
            {
                float[] buckets = _buckets[f];
                ReadOnlySpan<int> codes = _hashes[f].Codes[..increment.Length];
                for (int j = 0; j < codes.Length; j++)
                {
                    buckets[codes[j] >> 1] += SketchHash.Signed(increment[j], codes[j]);
                }

                _sketch.Store(buckets, Start(f, row));
            }
        }
    }

    public override void Read(Span<float> error, int start)
    {
        for (int first = 0; first < error.Length; first += _columns)
        {
            Decode((start + first) / _columns);
            _row.CopyTo(error[first..]);
        }
    }

    public override void Scale(float factor, int start, int length)
    {
        for (int row = start / _columns; row < (start + length) / _columns; row++)
        {
            for (int f = 0; f < _hashes.Length; f++)
            {
                float[] buckets = _buckets[f];
                _sketch.Load(Start(f, row), buckets);
                for (int h = 0; h < buckets.Length; h++)
                {
                    buckets[h] *= factor;
                }

                _sketch.Store(buckets, Start(f, row));
            }
        }
    }

    public override void Clear() => _sketch.Clear();

    private long Start(int function, int row) => (((long)function * _rows) + row) * _buckets[0].Length;

    /// <summary>Loads a row's buckets, and D(S) of it into the row's entries.</summary>
    [MethodImpl(LaneLoop.KernelOptions)]
    private void Decode(int row)
    {
        for (int f = 0; f < _hashes.Length; f++)
        {
            _sketch.Load(Start(f, row), _buckets[f]);
        }

        ReadOnlySpan<int> codes = _hashes[0].Codes;
        if (_hashes.Length == 1)
        {
            float[] buckets = _buckets[0];
            Span<float> decoded = _row.AsSpan(0, codes.Length);
            for (int j = 0; j < codes.Length; j++)
            {
                decoded[j] = SketchHash.Signed(buckets[codes[j] >> 1], codes[j]);
            }

            return;
        }

        for (int j = 0; j < codes.Length; j++)
        {
            _row[j] = Median(Value(0, j), Value(1, j), Value(2, j));
        }
    }

    private float Value(int function, int column)
    {
        int code = _hashes[function].Codes[column];
        return SketchHash.Signed(_buckets[function][code >> 1], code);
    }

    private static float Median(float a, float b, float c) => Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));
}
