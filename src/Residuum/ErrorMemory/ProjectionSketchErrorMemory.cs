using System.Runtime.CompilerServices;
using Residuum.Numerics;
using Residuum.State;

namespace Residuum.ErrorMemory;

/// <summary>
/// The projection of each row on W sign vectors (methods page of ConEF, section 6): <c>S[h] = sum of sign v</c>, <c>v[j] = sign S[h] /
/// n_h</c>.
/// </summary>
/// <remarks>Orthogonal, so never more than it was given: 4 W / D bytes an entry keep W / D of the energy on average.</remarks>
/// <param name="rows">R.</param>
/// <param name="columns">D.</param>
/// <param name="hash">The table of D columns and W buckets.</param>
internal sealed class ProjectionSketchErrorMemory(int rows, int columns, SketchHash hash) : ErrorMemory
{
    private readonly float[] _sketch = new float[rows * hash.Loads.Length];

    public override int Granule => columns;

    public override bool IsLinear => true;

    private int Width => hash.Loads.Length;

    /// <summary>The field: <c>error_sketch</c>, [R, W].</summary>
    public static IEnumerable<FieldSpec> Fields(int rows, int buckets) => [new("error_sketch", ElementType.F32, rows, buckets)];

    public override IEnumerable<StateField> State(string owner) => [StateField.Of(owner, Fields(rows, Width).Single(), _sketch.AsMemory())];

    [MethodImpl(LaneLoop.KernelOptions)]
    public override void AddTo(ReadOnlySpan<float> gradient, Span<float> corrected, int start)
    {
        ReadOnlySpan<int> codes = hash.Codes;
        for (int first = 0; first < gradient.Length; first += columns)
        {
            ReadOnlySpan<float> buckets = Row((start + first) / columns);
            for (int j = 0; j < columns; j++)
            {
                corrected[first + j] = gradient[first + j] + Value(buckets, codes[j]);
            }
        }
    }

    [MethodImpl(LaneLoop.KernelOptions)]
    public override void Update(ReadOnlySpan<float> rest, int start)
    {
        ReadOnlySpan<int> codes = hash.Codes;
        for (int first = 0; first < rest.Length; first += columns)
        {
            Span<float> buckets = Row((start + first) / columns);
            buckets.Clear();
            for (int j = 0; j < columns; j++)
            {
                buckets[codes[j] >> 1] += SketchHash.Signed(rest[first + j], codes[j]);
            }
        }
    }

    public override void Read(Span<float> error, int start)
    {
        ReadOnlySpan<int> codes = hash.Codes;
        for (int first = 0; first < error.Length; first += columns)
        {
            ReadOnlySpan<float> buckets = Row((start + first) / columns);
            for (int j = 0; j < columns; j++)
            {
                error[first + j] = Value(buckets, codes[j]);
            }
        }
    }

    public override void Scale(float factor, int start, int length) =>
        VectorKernels.Scale(_sketch.AsSpan(start / columns * Width, length / columns * Width), factor);

    public override void Clear() => Array.Clear(_sketch);

    private Span<float> Row(int row) => _sketch.AsSpan(row * Width, Width);

    private float Value(ReadOnlySpan<float> buckets, int code) => SketchHash.Signed(buckets[code >> 1], code) / hash.Loads[code >> 1];
}
