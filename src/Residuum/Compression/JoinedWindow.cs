using Residuum.State;

namespace Residuum.Compression;

/// <summary>Windows of parts of the vector that act as one: scalar products are summed over the parts, in order.</summary>
/// <param name="parts">One per parameter that is not empty.</param>
internal sealed class JoinedWindow(IReadOnlyList<GradientWindow> parts) : GradientWindow
{
    private readonly GradientWindow[] _parts = [.. parts];

    public override IEnumerable<StateField> State() => _parts.SelectMany(part => part.State());

    public override void Insert(int slot, int filled, Span<double> products)
    {
        foreach (GradientWindow part in _parts)
        {
            part.Insert(slot, filled, products);
        }
    }

    public override void Combine(ReadOnlySpan<double> weights)
    {
        foreach (GradientWindow part in _parts)
        {
            part.Combine(weights);
        }
    }
}
