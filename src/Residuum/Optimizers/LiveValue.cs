namespace Residuum.Optimizers;

/// <summary>A value of a group that may change at every step.</summary>
/// <param name="Name">In camelCase.</param>
/// <param name="Get">Its value.</param>
/// <param name="Set">Changes it, or refuses a value out of its range.</param>
internal sealed record LiveValue(string Name, Func<double> Get, Action<double> Set);
