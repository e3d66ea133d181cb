using Residuum.State;

namespace Residuum.ErrorMemory;

/// <summary>No error feedback: the rest is forgotten.</summary>
internal sealed class NoErrorMemory : ErrorMemory
{
    public override int Granule => 1;

    public override IEnumerable<StateField> State(string owner) => [];

    public override void AddTo(ReadOnlySpan<float> gradient, Span<float> corrected, int start) => gradient.CopyTo(corrected);

    public override void Update(ReadOnlySpan<float> rest, int start)
    {
    }

    public override void Read(Span<float> error, int start) => error.Clear();

    public override void Scale(float factor, int start, int length)
    {
    }

    public override void Clear()
    {
    }
}
