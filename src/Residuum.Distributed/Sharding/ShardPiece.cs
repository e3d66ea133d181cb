namespace Residuum.Distributed.Sharding;

/// <summary>Consecutive entries of a parameter that one rank owns.</summary>
/// <param name="Parameter">The parameter's position in the list.</param>
/// <param name="Owner">The rank.</param>
/// <param name="Start">The first entry.</param>
/// <param name="Length">How many.</param>
internal readonly record struct ShardPiece(int Parameter, int Owner, int Start, int Length);
