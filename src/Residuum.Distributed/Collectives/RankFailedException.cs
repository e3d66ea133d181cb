namespace Residuum.Distributed.Collectives;

/// <summary>Another rank has failed, or did not arrive in time: the group cannot go on.</summary>
/// <param name="message">Which rank, and why.</param>
public sealed class RankFailedException(string message) : Exception(message);
