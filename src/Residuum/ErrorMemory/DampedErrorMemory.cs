using Residuum.Numerics;
using Residuum.State;

namespace Residuum.ErrorMemory;

/// <summary>
/// Gives back only a part of the error at each step and keeps the rest (methods page of ConEF, section 6): <c>p = g + (1 - beta) E</c>,
/// <c>memory = C(beta E + r)</c>, for any memory C that is overwritten by what it is given.
/// </summary>
/// <param name="memory">C.</param>
/// <param name="beta">In (0, 1).</param>
/// <param name="error">Scratch of at least as many entries as a unit has; memories that are not used at once may share it.</param>
internal sealed class DampedErrorMemory(ErrorMemory memory, double beta, float[] error) : ErrorMemory
{
    public override int Granule => memory.Granule;

    public override bool IsLinear => memory.IsLinear;

    public override IEnumerable<StateField> State(string owner) => memory.State(owner);

    public override void AddTo(ReadOnlySpan<float> gradient, Span<float> corrected, int start)
    {
        Span<float> old = error.AsSpan(0, gradient.Length);
        memory.Read(old, start);
        VectorKernels.MultiplyAdd(gradient, (float)(1 - beta), old, corrected);
    }

    public override void Update(ReadOnlySpan<float> rest, int start)
    {
        Span<float> old = error.AsSpan(0, rest.Length);
        memory.Read(old, start);
        VectorKernels.MultiplyAdd(rest, (float)beta, old, old);
        memory.Update(old, start);
    }

    public override void Read(Span<float> values, int start) => memory.Read(values, start);

    public override void Scale(float factor, int start, int length) => memory.Scale(factor, start, length);

    public override void Clear() => memory.Clear();
}
