using System.Runtime.CompilerServices;
using Residuum.Numerics;
using Residuum.State;

namespace Residuum.ErrorMemory;

/// <summary>The error rounded to IEEE half, to nearest even: 2 bytes an entry.</summary>
/// <param name="length">The tensor's entries.</param>
internal sealed class Float16ErrorMemory(int length) : ErrorMemory
{
    private readonly Half[] _error = new Half[length];

    public override int Granule => 1;

    public override bool IsLinear => true;

    /// <summary>The fields: <c>error</c>.</summary>
    public static IEnumerable<FieldSpec> Fields(int length) => [new("error", ElementType.F16, length)];

    public override IEnumerable<StateField> State(string owner) =>
        [StateField.Of(owner, Fields(_error.Length).Single(), _error.AsMemory())];

    [MethodImpl(LaneLoop.KernelOptions)]
    public override void AddTo(ReadOnlySpan<float> gradient, Span<float> corrected, int start)
    {
        for (int i = 0; i < gradient.Length; i++)
        {
            corrected[i] = gradient[i] + (float)_error[start + i];
        }
    }

    [MethodImpl(LaneLoop.KernelOptions)]
    public override void Update(ReadOnlySpan<float> rest, int start)
    {
        for (int i = 0; i < rest.Length; i++)
        {
            _error[start + i] = (Half)rest[i];
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
        for (int i = start; i < start + length; i++)
        {
            _error[i] = (Half)(factor * (float)_error[i]);
        }
    }

    public override void Clear() => Array.Clear(_error);
}
