namespace Residuum.Cli.Bench;

/// <summary>The middle and the best of some measurements.</summary>
/// <param name="Median">The median.</param>
/// <param name="Min">The smallest.</param>
internal sealed record Spread(double Median, double Min);
