using System.CommandLine;
using System.Globalization;
using Residuum.Cli.Json;
using Residuum.Numerics;
using Residuum.Preconditioning;

namespace Residuum.Cli.Verbs;

/// <summary><c>residuum spectrum</c>: second moments of random numbers, what those of gradients are compared with.</summary>
internal static class SpectrumVerb
{
    private const double Decay = 0.999;

    /// <summary>The verb.</summary>
    public static Command Create()
    {
        Option<int> size = new("--size") { Description = "Rows d of every draw.", HelpName = "N", DefaultValueFactory = _ => 1024 };
        Option<int> columns = new("--columns") { Description = "Columns of every draw.", HelpName = "N", DefaultValueFactory = _ => 1 };
        Option<long> draws = new("--draws") { Description = "Draws in a sum, each 0.999 times as heavy as the one before.", HelpName = "N", DefaultValueFactory = _ => 10_000 };
        Option<int> trials = new("--trials") { Description = "Sums to average over.", HelpName = "N", DefaultValueFactory = _ => 20 };
        Option<int> threads = new("--threads") { Description = "Threads.", HelpName = "N", DefaultValueFactory = _ => Environment.ProcessorCount };
        Option<string?> json = new("--json") { Description = "Write the results as JSON.", HelpName = "FILE" };
        Command verb = new("spectrum", "Spectra of second moments without structure: intrinsic dimension and mass of the top quarter.")
        {
            size, columns, draws, trials, threads, json,
        };
        verb.SetAction((parse, interrupted) =>
        {
            GaussianSpectrum spectrum = new(parse.GetValue(size), parse.GetValue(columns), parse.GetValue(draws), Decay);
            return Task.FromResult(Run(spectrum, parse.GetValue(trials), parse.GetValue(threads), parse.GetValue(json), parse.InvocationConfiguration.Output, interrupted));
        });
        return verb;
    }

    private static int Run(GaussianSpectrum spectrum, int trials, int threads, string? json, TextWriter output, CancellationToken interrupted)
    {
        if (trials < 1 || threads < 1)
        {
            throw new UsageException("--trials and --threads must be at least 1.");
        }

        WorkSharing work = new(threads);
        List<Spectrum> results = [];
        for (int trial = 0; trial < trials; trial++)
        {
            interrupted.ThrowIfCancellationRequested();
            results.Add(spectrum.Run((ulong)trial, work));
        }

        double dimension = results.Average(result => result.IntrinsicDimension);
        double squares = results.Sum(result => Math.Pow(result.IntrinsicDimension - dimension, 2));
        double error = trials > 1 ? Math.Sqrt(squares / (trials - 1) / trials) : double.NaN;
        double mass = results.Average(result => result.TopQuarterMass);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"intrinsic dimension {dimension:0.00} (standard error {error:0.00}), top quarter of the eigenvalues {100 * mass:0.0} %, {trials} trials"));
        if (json is not null)
        {
            JsonFile.Write(json, new SpectrumAnswer(dimension, error, mass, results), SpectrumJson.Default.SpectrumAnswer);
        }

        return ExitCode.Fine;
    }
}
