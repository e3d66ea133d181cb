using System.Globalization;
using Residuum.Numerics;
using Residuum.Preconditioning;
using Residuum.Training.Trainer;

namespace Residuum.Cli.Reports;

/// <summary>What <c>train --diagnose spectrum</c> watches, and the table of what it saw.</summary>
internal static class SpectrumTable
{
    private const string Name = "spectrum";
    private const int LongestAxis = 4096;

    // The paper's 0.999 a step, for the steps that are looked at.
    private static readonly double s_decay = Math.Pow(0.999, TrainingRun.SpectraEvery);

    /// <summary>What watches, or null where nothing was asked for.</summary>
    /// <param name="diagnose">The value of <c>--diagnose</c>.</param>
    /// <param name="parameters">Whose gradients.</param>
    /// <param name="threads">Threads.</param>
    /// <exception cref="UsageException">The value is not known.</exception>
    public static GradientSpectra? Watch(string? diagnose, IEnumerable<Parameter> parameters, int threads) => diagnose switch
    {
        null => null,
        Name => new GradientSpectra(parameters, s_decay, LongestAxis, new WorkSharing(threads)),
        _ => throw new UsageException(NearestName.Explain("diagnosis", diagnose, [Name])),
    };

    /// <summary>A row an axis.</summary>
    public static ResultsTable Of(IReadOnlyList<AxisSpectrum> spectra) => new(
        [
            new("parameter", "", IsText: true),
            new("axis", ""),
            new("length", ""),
            new("top quarter", "%"),
            new("intrinsic dimension", ""),
            new("sketch rank", ""),
            new("escaped mass", "% of largest"),
        ],
        [.. spectra.Select(Row)]);

    private static string[] Row(AxisSpectrum axis) =>
    [
        axis.Parameter,
        axis.Axis.ToString(CultureInfo.InvariantCulture),
        NumberText.Count(axis.Length),
        NumberText.Percent(axis.Spectrum.TopQuarterMass),
        NumberText.Ratio(axis.Spectrum.IntrinsicDimension),
        NumberText.Count(axis.Rank),
        NumberText.Percent(axis.EscapedMass),
    ];
}
