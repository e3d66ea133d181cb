using System.CommandLine;
using System.Globalization;
using Residuum.Cli.Json;
using Residuum.Distributed.Collectives;
using Residuum.Distributed.Replay;
using Residuum.Replay;

namespace Residuum.Cli.Verbs;

/// <summary><c>residuum replay</c>: golden cases against this library's optimizers.</summary>
internal static class ReplayVerb
{
    /// <summary>The verb.</summary>
    public static Command Create()
    {
        Argument<string[]> paths = new("paths")
        {
            Description = "Golden cases: files, or folders searched recursively.",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<string?> json = new("--json") { Description = "Write the results as JSON.", HelpName = "FILE" };
        Command verb = new("replay", "Replay recorded trajectories; exit code 0 only if all agree.") { paths, json };
        verb.SetAction(parse => Run(parse.GetRequiredValue(paths), parse.GetValue(json), parse.InvocationConfiguration.Output));
        return verb;
    }

    // Under mpirun or srun each process is a rank, and the first one speaks.
    private static int Run(string[] paths, string? json, TextWriter output) => Launcher.Find() is null
        ? Run(paths, json, output, file => ExchangedReplay.Replay(file))
        : MpiCollectives.Run(ranks =>
            Run(
                paths,
                ranks.Rank == 0 ? json : null,
                ranks.Rank == 0 ? output : TextWriter.Null,
                file => ExchangedReplay.Replay(file, ranks)));

    private static int Run(string[] paths, string? json, TextWriter output, Func<string, GoldenResult> replay)
    {
        List<GoldenResult> results = [];
        foreach (string file in GoldenReplay.Find(paths))
        {
            GoldenResult result = replay(file);
            results.Add(result);
            output.WriteLine(Line(result));
        }

        int passed = results.Count(result => result.Ok);
        output.WriteLine($"{passed} passed, {results.Count - passed} failed");
        if (json is not null)
        {
            ReplayReport report = new(passed, results.Count - passed, results);
            JsonFile.Write(json, report, ReplayJson.Default.ReplayReport);
        }

        return passed == results.Count && results.Count > 0 ? ExitCode.Fine : ExitCode.Failure;
    }

    private static string Line(GoldenResult result)
    {
        string name = result.Method.Length > 0 ? $"{result.Method}/{result.Name}" : result.File;
        string worst = double.IsNaN(result.Worst)
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $"  worst {result.Worst:G3} of the tolerance");
        string place = result.Parameter is null
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $" at step {result.Step}, parameter {result.Parameter}");
        return result.Ok
            ? $"ok    {name}{worst}{place}"
            : $"FAIL  {name}{worst}{place}{(result.Parameter is null ? "  " + result.Reason : "")}";
    }
}
