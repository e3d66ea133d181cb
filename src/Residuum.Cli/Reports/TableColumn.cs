namespace Residuum.Cli.Reports;

/// <summary>The heading of a column.</summary>
/// <param name="Name">What is in it.</param>
/// <param name="Unit">The unit of all its cells; empty if none.</param>
/// <param name="IsText">Words, aligned left; else numbers, aligned right.</param>
/// <param name="IsDetail">Whether a narrow screen can do without it.</param>
internal sealed record TableColumn(string Name, string Unit, bool IsText = false, bool IsDetail = false);
