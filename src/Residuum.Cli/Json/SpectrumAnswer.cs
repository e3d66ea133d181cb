using Residuum.Preconditioning;

namespace Residuum.Cli.Json;

/// <summary>What <c>spectrum --json</c> writes.</summary>
/// <param name="IntrinsicDimension">The mean over the trials.</param>
/// <param name="StandardError">Of that mean; NaN for a single trial.</param>
/// <param name="TopQuarterMass">The mean share of the trace in the largest quarter of the eigenvalues.</param>
/// <param name="Trials">Every trial.</param>
internal sealed record SpectrumAnswer(
    double IntrinsicDimension, double StandardError, double TopQuarterMass, IReadOnlyList<Spectrum> Trials);
