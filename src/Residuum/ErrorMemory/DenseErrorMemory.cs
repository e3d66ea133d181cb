using Residuum.Numerics;
using Residuum.State;

namespace Residuum.ErrorMemory;

/// <summary>The error in float32: 4 bytes an entry, nothing is lost.</summary>
/// <param name="length">The tensor's entries.</param>
internal sealed class DenseErrorMemory(int length) : ErrorMemory
{
    private readonly float[] _error = new float[length];

    public override int Granule => 1;

    public override bool IsLinear => true;

    /// <summary>The fields: <c>error</c>.</summary>
    public static IEnumerable<FieldSpec> Fields(int length) => [new("error", ElementType.F32, length)];

    public override IEnumerable<StateField> State(string owner) =>
        [StateField.Of(owner, Fields(_error.Length).Single(), _error.AsMemory())];

    public override void AddTo(ReadOnlySpan<float> gradient, Span<float> corrected, int start) =>
        VectorKernels.MultiplyAdd(gradient, 1, _error.AsSpan(start, gradient.Length), corrected);

    public override void Update(ReadOnlySpan<float> rest, int start) => rest.CopyTo(_error.AsSpan(start));

    public override void Read(Span<float> error, int start) => _error.AsSpan(start, error.Length).CopyTo(error);

    public override void Scale(float factor, int start, int length) => VectorKernels.Scale(_error.AsSpan(start, length), factor);

    public override void Clear() => Array.Clear(_error);
}
