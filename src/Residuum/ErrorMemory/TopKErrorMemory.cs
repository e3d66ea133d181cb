using System.Runtime.InteropServices;
using Residuum.Numerics;
using Residuum.State;

namespace Residuum.ErrorMemory;

/// <summary>
/// The k entries of largest magnitude of the error, ties to the lower index; the others are forgotten (methods page of ConEF, section 6): 8
/// k / n bytes an entry.
/// </summary>
/// <param name="length">n, the tensor's entries.</param>
/// <param name="density">k = max(1, floor(density * n)), at most n.</param>
internal sealed class TopKErrorMemory(int length, double density) : ErrorMemory
{
    private readonly int[] _indices = new int[KeptOf(length, density)];
    private readonly float[] _values = new float[KeptOf(length, density)];

    public override int Granule => length;

    /// <summary>The fields: <c>error_index</c>, <c>error_value</c>.</summary>
    public static IEnumerable<FieldSpec> Fields(int length, double density) =>
        [new("error_index", ElementType.I32, KeptOf(length, density)), new("error_value", ElementType.F32, KeptOf(length, density))];

    public override IEnumerable<StateField> State(string owner)
    {
        FieldSpec[] fields = [.. Fields(length, density)];
        return
        [
            StateField.Converted(
                owner,
                fields[0],
                bytes => MemoryMarshal.AsBytes(_indices.AsSpan()).CopyTo(bytes),
                bytes => bytes.CopyTo(MemoryMarshal.AsBytes(_indices.AsSpan())),
                CheckIndices),
            StateField.Of(owner, fields[1], _values.AsMemory()),
        ];
    }

    public override void AddTo(ReadOnlySpan<float> gradient, Span<float> corrected, int start)
    {
        gradient.CopyTo(corrected);
        for (int i = 0; i < _indices.Length; i++)
        {
            corrected[_indices[i]] += _values[i];
        }
    }

    public override void Update(ReadOnlySpan<float> rest, int start)
    {
        LargestMagnitudes.Select(rest, _indices);
        for (int i = 0; i < _indices.Length; i++)
        {
            _values[i] = rest[_indices[i]];
        }
    }

    public override void Read(Span<float> error, int start)
    {
        error.Clear();
        for (int i = 0; i < _indices.Length; i++)
        {
            error[_indices[i]] += _values[i];
        }
    }

    public override void Scale(float factor, int start, int length) => VectorKernels.Scale(_values, factor);

    public override void Clear()
    {
        Array.Clear(_indices);
        Array.Clear(_values);
    }

    private static int KeptOf(int length, double density) => length == 0 ? 0 : Math.Max(1, (int)Math.Floor(density * length));

    // Indices steer where a step writes, so those of a file are not believed.
    private string? CheckIndices(ReadOnlySpan<byte> bytes)
    {
        foreach (int index in MemoryMarshal.Cast<byte, int>(bytes))
        {
            if (index < 0 || index >= length)
            {
                return $"holds index {index}, but the parameter has {length} entries";
            }
        }

        return null;
    }
}
