namespace Residuum.Distributed.Exchange;

/// <summary>Ranks that must hold the same do not: going on would train several models at once.</summary>
/// <param name="message">Which rank, which parameter.</param>
public sealed class RanksDisagreeException(string message) : Exception(message);
