namespace Residuum.Cli.Bench;

/// <summary>The middle of some measurements.</summary>
/// <param name="Median">The median.</param>
internal sealed record Middle(double Median);
