namespace Residuum.Cli.Reports.Plots;

/// <summary>One point of a curve.</summary>
internal readonly record struct PlotPoint(double X, double Y);
