using Residuum.Cli.Reports.Plots;
using Residuum.Training.Logging;
using Residuum.Training.Online;

namespace Residuum.Cli.Reports.Html;

/// <summary>The page of <c>residuum online --out</c>: the table and the curves of the average and of the cumulative loss.</summary>
internal static class OnlineReport
{
    /// <summary>Writes the page.</summary>
    /// <param name="path">Where; the directory is made if it does not exist.</param>
    /// <param name="data">The data's name.</param>
    /// <param name="table">The results.</param>
    /// <param name="best">The best run of every method, in the table's order.</param>
    public static void Write(string path, string data, ResultsTable table, IReadOnlyList<OnlineResult> best)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.WriteAllText(path, Render(data, table, best));
    }

    private static string Render(string data, ResultsTable table, IReadOnlyList<OnlineResult> best)
    {
        HtmlBuilder page = new();
        page.Add($"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{data}: one pass</title>""");
        page.Add(
            $"""<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">""");
        page.Add($"""<meta name="generator" content="residuum {RunFile.Version}">""");
        page.Add($"<style>{PageStyle.Css}</style></head><body>{PageStyle.Markers}<main>");
        page.Add($"""<header><p class="kicker">residuum online</p><h1>{data}: one pass</h1></header>""");
        page.Add($"<section><h2>Results</h2>{ResultsHtml.Table(table, withKeys: true)}");
        page.Add($"""<p class="note">The log-loss of every row, in nats, before it was learned from.""");
        page.Add($"State is what the optimizer keeps between rows.</p></section>");
        page.Add($"""<section><h2>Curves</h2><div class="charts">""");
        page.Add($"{Chart("Cumulative loss", best, point => point.AverageLoss * point.Row)}");
        page.Add($"{Chart("Average loss so far", best, point => point.AverageLoss)}</div></section>");
        page.Add($"<footer>Made by <code>residuum {RunFile.Version}</code>.</footer></main></body></html>");
        return page.ToString();
    }

    private static HtmlBuilder Chart(string caption, IReadOnlyList<OnlineResult> best, Func<OnlinePoint, double> y) =>
        new LineChart(caption, "rows", [.. best.Select((result, style) => CurveOf(result, style, y))]).Render();

    private static Curve CurveOf(OnlineResult result, int style, Func<OnlinePoint, double> y) =>
        new(result.Choice.Text, style, [.. result.Curve.Select(point => new PlotPoint(point.Row, y(point)))], [], []);
}
