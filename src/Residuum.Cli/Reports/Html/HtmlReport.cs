using System.Globalization;
using Residuum.Cli.Reports.Plots;
using Residuum.Training.Logging;
using Residuum.Training.Trainer;

namespace Residuum.Cli.Reports.Html;

/// <summary>
/// Writes <c>report.html</c>: one self-contained page without scripts, readable on a telephone and on a wide screen, light and dark.
/// </summary>
internal static class HtmlReport
{
    /// <summary>Writes the page.</summary>
    /// <param name="path">Where; the directory is made if it does not exist.</param>
    /// <param name="report">What to show; at least one run.</param>
    public static void Write(string path, RunReport report)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.WriteAllText(path, Render(report));
    }

    /// <summary>The page.</summary>
    /// <param name="report">What to show; at least one run.</param>
    public static string Render(RunReport report)
    {
        RunPlan plan = report.Runs[0].Plan;
        IReadOnlyList<MethodSummary> methods = MethodSummary.Of(report.Runs);
        string names = string.Join(", ", methods.Select(method => method.Optimizer));

        HtmlBuilder page = new();
        page.Add($"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{plan.Recipe}: {names}</title>""");
        page.Add(
            $"""<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">""");
        page.Add($"""<meta name="generator" content="residuum {RunFile.Version}">""");
        page.Add($"<style>{PageStyle.Css}</style></head><body>{PageStyle.Markers}<main>");
        page.Add($"""<header><p class="kicker">residuum {(report.Command.Count > 0 ? report.Command[0] : "")}</p>""");
        page.Add($"<h1>{plan.Recipe}: {HtmlBuilder.Breakable(names)}</h1>{Lead.Of(report.Runs, methods)}</header>");
        page.Add($"<section><h2>Results</h2>{ResultsHtml.Table(ResultsTable.Of(methods), withKeys: true)}{TableNote(methods)}</section>");
        page.Add($"<section><h2>Curves</h2>{Curves(report.Runs)}</section>");
        page.Add($"<section><h2>Memory and time</h2>{Bars(methods, plan)}</section>");
        page.Add($"<section><h2>How to repeat it</h2>{Repetition.Render(report)}</section>");
        string started = report.Started.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        page.Add($"<footer>Made by <code>residuum {RunFile.Version}</code>, {started} UTC.</footer></main></body></html>");
        return page.ToString();
    }

    private static HtmlBuilder TableNote(IReadOnlyList<MethodSummary> methods)
    {
        HtmlBuilder note = new();
        note.Add($"""<p class="note">Losses are means in nats. State is what the optimizer keeps between steps; """);
        note.Add($"""1 MB is 10<sup>6</sup> bytes.""");
        if (methods.Any(method => method.Seeds > 1))
        {
            note.Add($"Figures are means over the seeds ± their standard deviation.");
        }

        return note.Add($"</p>");
    }

    private static HtmlBuilder Curves(IReadOnlyList<RecordedRun> runs)
    {
        double seconds = runs.SelectMany(run => run.Result.History).Select(point => point.Seconds).DefaultIfEmpty(0).Max();
        (double unit, string timeName) = seconds switch
        {
            < 180 => (1, "seconds of training"),
            < 3 * 3600 => (60, "minutes of training"),
            _ => (3600, "hours of training"),
        };
        double Step(MetricPoint point) => point.Step;
        double Time(MetricPoint point) => point.Seconds / unit;

        HtmlBuilder html = new();
        html.Add($"""<div class="charts">""");
        AddChart(html, runs, "Training loss against step", "step", Step, point => point.TrainLoss);
        AddChart(html, runs, "Training loss against time", timeName, Time, point => point.TrainLoss);
        AddChart(html, runs, "Validation loss against step", "step", Step, point => point.Validation?.Loss);
        AddChart(html, runs, "Validation loss against time", timeName, Time, point => point.Validation?.Loss);
        AddChart(html, runs, "Gradient norm", "step", Step, point => point.GradientNorm);
        if (runs.Count == 1)
        {
            AddChart(html, runs, "Learning rate", "step", Step, point => point.LearningRate);
        }

        html.Add($"""</div><p class="note">Thin lines are single runs; thick ones are means over the seeds and, of long runs, over""");
        return html.Add($"{CurveSet.PointsPerLine} equal parts. Validation is left out of the time.</p>");
    }

    private static void AddChart(
        HtmlBuilder html,
        IReadOnlyList<RecordedRun> runs,
        string caption,
        string xName,
        Func<MetricPoint, double> x,
        Func<MetricPoint, double?> y)
    {
        IReadOnlyList<Curve> curves = CurveSet.Of(runs, x, y);
        if (curves.Count > 0)
        {
            html.Add($"{new LineChart(caption, xName, curves).Render()}");
        }
    }

    private static HtmlBuilder Bars(IReadOnlyList<MethodSummary> methods, RunPlan plan)
    {
        const int GreyStyle = 7;
        const double AdamWBytesPerWeight = 8;
        MethodSummary? adamW = methods.FirstOrDefault(method => method.IsAdamW);
        List<Bar> state = [.. methods.Select((method, style) => new Bar(
            method.Optimizer, style, method.StateBytes, NumberText.Bytes(method.StateBytes), PerWeight(method.StateBytesPerParameter)))];
        if (adamW is null)
        {
            double bytes = AdamWBytesPerWeight * plan.Parameters;
            state.Add(new Bar("adamw, computed for comparison", GreyStyle, bytes, NumberText.Bytes(bytes), PerWeight(AdamWBytesPerWeight)));
        }

        HtmlBuilder html = new();
        html.Add($"""<div class="charts">{BarChart.Render("Optimizer state", state)}""");
        if (methods.Count > 1)
        {
            Bar[] time = [.. methods.Select((method, style) => new Bar(
                method.Optimizer,
                style,
                method.OptimizerMsPerStep,
                NumberText.Milliseconds(method.OptimizerMsPerStep) + " ms",
                TimeNote(method, adamW)))];
            html.Add($"{BarChart.Render("Optimizer time per step", time)}");
        }

        return html.Add($"</div>");
    }

    private static string PerWeight(double bytes) => $"{NumberText.Ratio(bytes)} bytes per weight";

    private static string TimeNote(MethodSummary method, MethodSummary? adamW) =>
        adamW is { OptimizerMsPerStep: > 0 } && method != adamW
            ? $"{NumberText.Ratio(method.OptimizerMsPerStep / adamW.OptimizerMsPerStep)} × {adamW.Optimizer}"
            : "";
}
