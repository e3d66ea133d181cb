namespace Residuum.Cli.Reports.Plots;

/// <summary>One bar.</summary>
/// <param name="Name">What it stands for.</param>
/// <param name="Style">Index of its colour, from 0.</param>
/// <param name="Value">Its length.</param>
/// <param name="Text">The value as text.</param>
/// <param name="Note">What else to say of it.</param>
internal sealed record Bar(string Name, int Style, double Value, string Text, string Note);
