using Residuum.Training.Logging;
using Residuum.Training.Trainer;

namespace Residuum.Cli.Reports.Html;

/// <summary>The last part of a report: command, settings, machine, and every single run.</summary>
internal static class Repetition
{
    /// <summary>The part as markup.</summary>
    /// <param name="report">What to show.</param>
    public static HtmlBuilder Render(RunReport report)
    {
        HtmlBuilder html = new();
        html.Add($"<pre><code>./residuum {string.Join(' ', report.Command.Select(Quoted))}</code></pre>");
        html.Add($"""<div class="charts"><div><h3>Settings</h3><dl>""");
        foreach (KeyValuePair<string, string> setting in Settings(report.Runs))
        {
            html.Add($"<dt>{setting.Key}</dt><dd>{setting.Value}</dd>");
        }

        MachineDescription machine = MachineDescription.Current();
        html.Add($"</dl></div><div><h3>Machine</h3><dl><dt>processor</dt><dd>{machine.Processor}</dd>");
        html.Add($"<dt>logical processors</dt><dd>{machine.LogicalProcessors}</dd><dt>vector lanes</dt><dd>{machine.VectorLanes}</dd>");
        html.Add($"<dt>memory</dt><dd>{NumberText.Bytes(machine.MemoryBytes)}</dd>");
        html.Add($"<dt>system</dt><dd>{machine.OperatingSystem}, {machine.Architecture}</dd><dt>runtime</dt><dd>{machine.Runtime}</dd>");
        html.Add($"</dl></div></div>");
        AddRuns(html, "Every run", report.Runs);
        AddRuns(html, "Search for the rates", report.Search);
        return html;
    }

    // What differs between the runs (optimizer, rate, seed) is in the tables, not here.
    private static IEnumerable<KeyValuePair<string, string>> Settings(IReadOnlyList<RecordedRun> runs)
    {
        RunPlan plan = runs[0].Plan;
        yield return new("recipe", plan.Recipe);
        yield return new("weights", NumberText.Count(plan.Parameters));
        yield return new("steps", NumberText.Count(plan.Steps));
        yield return new($"{plan.ExampleUnit} per step", NumberText.Count(plan.ExamplesPerStep));
        yield return new("seeds", string.Join(", ", runs.Select(run => run.Plan.Seed).Distinct()));
        IEnumerable<RunPlan> ofOptimizers = runs.Select(run => run.Plan).DistinctBy(run => run.Optimizer);
        foreach (RunPlan first in ofOptimizers.Where(run => run.OptimizerOptions.Count > 0))
        {
            yield return new(first.Optimizer, string.Join(", ", first.OptimizerOptions.Select(option => $"{option.Key}={option.Value}")));
        }

        foreach (KeyValuePair<string, string> setting in plan.Settings)
        {
            if (runs.All(run => run.Plan.Settings.TryGetValue(setting.Key, out string? value) && value == setting.Value))
            {
                yield return setting;
            }
        }
    }

    private static void AddRuns(HtmlBuilder html, string caption, IReadOnlyList<RecordedRun> runs)
    {
        if (runs.Count < 2)
        {
            return;
        }

        html.Add($"<details><summary>{caption} ({runs.Count})</summary>{ResultsHtml.Table(SingleRuns(runs), withKeys: false)}</details>");
    }

    private static ResultsTable SingleRuns(IReadOnlyList<RecordedRun> runs)
    {
        (TableColumn Column, Func<RunResult, string> Cell)[] columns =
        [
            (new("optimizer", "", IsText: true), result => result.Optimizer),
            (new("rate", ""), result => NumberText.Rate(result.Rate)),
            (new("seed", ""), result => NumberText.Count(result.Seed)),
            (new("steps", ""), result => NumberText.Count(result.Steps)),
            (new("train loss", ""), result => NumberText.Loss(result.TrainLoss)),
            (new("validation loss", ""), result => Optional(result.Validation?.Loss, NumberText.Loss)),
            (new("test loss", ""), result => Optional(result.Test?.Loss, NumberText.Loss)),
            (new("test accuracy", "%"), result => Optional(result.Test?.Accuracy, NumberText.Percent)),
            (new("whole step", "ms"), result => NumberText.Milliseconds(result.MsPerStep)),
            (new("time", ""), result => NumberText.Duration(result.Seconds)),
            (new("end", "", IsText: true), result => result.Outcome.ToString().ToLowerInvariant()),
        ];
        return new ResultsTable(
            [.. columns.Select(column => column.Column)],
            [.. runs.Select(run => (IReadOnlyList<string>)[.. columns.Select(column => column.Cell(run.Result))])]);
    }

    private static string Optional(double? value, Func<double, string> format) => value is double known ? format(known) : "-";

    // A word that a shell would split or expand is shown in quotes, so that the line can be copied.
    private static string Quoted(string word) =>
        word.Length > 0 && word.All(character => char.IsAsciiLetterOrDigit(character) || "-_./,=:+@%".Contains(character))
            ? word
            : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
