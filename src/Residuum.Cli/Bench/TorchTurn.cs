namespace Residuum.Cli.Bench;

/// <summary>What <c>TorchTraining.py</c> answers when it has taken some steps.</summary>
/// <param name="Version">PyTorch's version.</param>
/// <param name="Parameters">The model's parameters.</param>
/// <param name="Milliseconds">The time of each step.</param>
/// <param name="PeakResidentBytes">The most memory that the process has had so far.</param>
internal sealed record TorchTurn(string Version, long Parameters, IReadOnlyList<double> Milliseconds, long PeakResidentBytes);
