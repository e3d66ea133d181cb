using Residuum.State;

namespace Residuum.Distributed.Exchange;

/// <summary>A piece of what a rank remembers of its own.</summary>
/// <param name="Fields">Its fields.</param>
/// <param name="Memory">The error memory whose fields they are; null for plain numbers.</param>
/// <param name="Length">The parameter's entries.</param>
internal sealed record RankPart(IReadOnlyList<StateField> Fields, ErrorMemory.ErrorMemory? Memory, int Length)
{
    /// <summary>Whether the mean of the ranks' fields is the field of their mean.</summary>
    public bool IsLinear => Memory?.IsLinear ?? true;
}
