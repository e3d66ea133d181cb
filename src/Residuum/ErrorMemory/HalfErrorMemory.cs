using Residuum.State;

namespace Residuum.ErrorMemory;

/// <summary>The error as IEEE half precision, rounded to nearest: 2 bytes an entry. Magnitudes above 65,504 become that.</summary>
/// <param name="length">The tensor's entries.</param>
internal sealed class HalfErrorMemory(int length) : ErrorMemory
{
    private readonly Half[] _error = new Half[length];

    public override int Granule => 1;

    /// <summary>The fields: <c>error</c>.</summary>
    public static IEnumerable<FieldSpec> Fields(int length) => [new("error", ElementType.F16, length)];

    public override IEnumerable<StateField> State(string owner) => [StateField.Of(owner, Fields(_error.Length).Single(), _error.AsMemory())];

    public override void AddTo(ReadOnlySpan<float> gradient, Span<float> corrected, int start)
    {
        ReadOnlySpan<Half> error = _error.AsSpan(start, gradient.Length);
        for (int i = 0; i < error.Length; i++)
        {
            corrected[i] = gradient[i] + (float)error[i];
        }
    }

    public override void Update(ReadOnlySpan<float> rest, int start)
    {
        Span<Half> error = _error.AsSpan(start, rest.Length);
        for (int i = 0; i < error.Length; i++)
        {
            error[i] = Store(rest[i]);
        }
    }

    public override void Read(Span<float> error, int start)
    {
        for (int i = 0; i < error.Length; i++)
        {
            error[i] = (float)_error[start + i];
        }
    }

    public override void Scale(float factor, int start, int length)
    {
        foreach (ref Half entry in _error.AsSpan(start, length))
        {
            entry = Store(factor * (float)entry);
        }
    }

    private static Half Store(float value) => (Half)Math.Clamp(value, (float)Half.MinValue, (float)Half.MaxValue);
}
