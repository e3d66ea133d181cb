namespace Residuum.Training.Online;

/// <summary>The 49 settings that the Sketchy paper tries for every method.</summary>
public static class OnlineGrid
{
    private const int Runs = 49;
    private const int Side = 7;

    // Methods with two numbers to tune get a square grid of the same budget.
    private static readonly string[] WithDelta = ["ada-fd", "fd-son"];

    /// <summary>
    /// For <c>ada-fd</c> and <c>fd-son</c> 7 rates by 7 deltas, for every other method 49 rates, all log-spaced from 1e-6 to 1.
    /// </summary>
    /// <param name="method">The method, in kebab-case.</param>
    /// <returns>Rates and, where they are tuned, deltas.</returns>
    public static IReadOnlyList<(double Rate, double? Delta)> Of(string method) => WithDelta.Contains(method)
        ? [.. Enumerable.Range(0, Runs).Select(i => (LogSpaced(i / Side, Side), (double?)LogSpaced(i % Side, Side)))]
        : [.. Enumerable.Range(0, Runs).Select(i => (LogSpaced(i, Runs), (double?)null))];

    // 1 first, 1e-6 last.
    private static double LogSpaced(int index, int count) => Math.Pow(10, -6.0 * index / (count - 1));
}
