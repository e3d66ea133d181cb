using System.CommandLine;
using System.Globalization;
using Residuum.Cli.Json;
using Residuum.Cli.Parsing;
using Residuum.Numerics;
using Residuum.Preconditioning;

namespace Residuum.Cli.Verbs;

/// <summary><c>residuum spectrum</c>: second moments of random numbers, what those of gradients are compared with.</summary>
internal sealed class SpectrumVerb
{
    private const double Decay = 0.999;

    private readonly Option<int> _size = new("--size")
    {
        Description = "Rows of every draw.",
        HelpName = "N",
        DefaultValueFactory = _ => 1024,
    };

    private readonly Option<int> _columns = new("--columns")
    {
        Description = "Columns of every draw.",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
    };

    private readonly Option<long> _draws = new("--draws")
    {
        Description = "Draws in a sum, each 0.999 times as heavy as the one before.",
        HelpName = "N",
        DefaultValueFactory = _ => 10_000,
    };

    private readonly Option<int> _trials = new Option<int>("--trials")
    {
        Description = "Sums to average over.",
        HelpName = "N",
        DefaultValueFactory = _ => 20,
    }.AtLeastOne();

    private readonly Option<int> _threads = new Option<int>("--threads")
    {
        Description = "Threads.",
        HelpName = "N",
        DefaultValueFactory = _ => Environment.ProcessorCount,
    }.AtLeastOne();

    private readonly Option<string?> _json = new("--json") { Description = "Write the results as JSON.", HelpName = "FILE" };

    private SpectrumVerb()
    {
    }

    /// <summary>The verb.</summary>
    public static Command Create()
    {
        SpectrumVerb spectrum = new();
        Command verb = new("spectrum", "Spectra of second moments without structure: intrinsic dimension and mass of the top quarter.")
        {
            spectrum._size,
            spectrum._columns,
            spectrum._draws,
            spectrum._trials,
            spectrum._threads,
            spectrum._json,
        };
        verb.SetAction((parse, interrupted) => Task.FromResult(spectrum.Run(parse, interrupted)));
        return verb;
    }

    private int Run(ParseResult parse, CancellationToken interrupted)
    {
        int trials = parse.GetValue(_trials);
        GaussianSpectrum spectrum = new(parse.GetValue(_size), parse.GetValue(_columns), parse.GetValue(_draws), Decay);
        WorkSharing work = new(parse.GetValue(_threads));
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
        string errorText = trials == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" (standard error {error:0.00})");
        parse.InvocationConfiguration.Output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"trials {trials}: intrinsic dimension {dimension:0.00}{errorText}, top quarter of the eigenvalues {100 * mass:0.0} %"));
        if (parse.GetValue(_json) is string json)
        {
            JsonFile.Write(json, new SpectrumAnswer(dimension, error, mass, results), SpectrumJson.Default.SpectrumAnswer);
        }

        return ExitCode.Fine;
    }
}
