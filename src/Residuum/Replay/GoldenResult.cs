namespace Residuum.Replay;

/// <summary>How a golden case went.</summary>
/// <param name="File">The file.</param>
/// <param name="Method">The method it names; empty if the file could not be read.</param>
/// <param name="Name">The case's name.</param>
/// <param name="Ok">Whether every parameter agreed after every step.</param>
/// <param name="Worst">
/// The worst deviation as a fraction of the tolerance, up to the first failure; NaN if the case could not be run.
/// </param>
/// <param name="Step">The step of the worst deviation, from 1, or null.</param>
/// <param name="Parameter">The parameter of the worst deviation, or null.</param>
/// <param name="Reason">Why it failed, or null.</param>
public sealed record GoldenResult(
    string File, string Method, string Name, bool Ok, double Worst, int? Step, string? Parameter, string? Reason);
