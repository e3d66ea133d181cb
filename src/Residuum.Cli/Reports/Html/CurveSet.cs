using Residuum.Cli.Reports.Plots;
using Residuum.Training.Trainer;

namespace Residuum.Cli.Reports.Html;

/// <summary>Turns the histories of runs into curves, one per optimizer.</summary>
internal static class CurveSet
{
    /// <summary>How many points a main line has at most.</summary>
    public const int PointsPerLine = 60;

    private const int PointsPerThinLine = 240;

    /// <summary>The curves of a figure against a quantity; optimizers whose runs have no such figure are left out.</summary>
    /// <param name="runs">All runs.</param>
    /// <param name="x">For example the step.</param>
    /// <param name="y">For example the training loss; null where a point has none.</param>
    public static IReadOnlyList<Curve> Of(IReadOnlyList<RecordedRun> runs, Func<MetricPoint, double> x, Func<MetricPoint, double?> y)
    {
        List<Curve> curves = [];
        int style = 0;
        foreach (IReadOnlyList<RecordedRun> method in MethodSummary.ByMethod(runs))
        {
            Curve curve = Of(method[0].Result.Optimizer, style++, method, x, y);
            if (curve.Line.Count > 0)
            {
                curves.Add(curve);
            }
        }

        return curves;
    }

    private static Curve Of(
        string name, int style, IReadOnlyList<RecordedRun> runs, Func<MetricPoint, double> x, Func<MetricPoint, double?> y)
    {
        IReadOnlyList<PlotPoint> Line(RecordedRun run) =>
            [.. run.Result.History.Where(point => y(point) is not null).Select(point => new PlotPoint(x(point), y(point)!.Value))];

        IReadOnlyList<PlotPoint>[] lines = [.. runs.Select(Line)];
        RecordedRun[] diverged = [.. runs.Where(run => run.Result.Diverged)];
        RecordedRun[] averaged = diverged.Length < runs.Count ? [.. runs.Where(run => !run.Result.Diverged)] : [.. runs];
        bool isPlain = lines.Length == 1 && lines[0].Count <= PointsPerLine;
        IEnumerable<PlotPoint> ends = diverged.Select(run => Line(run).LastOrDefault(point => double.IsFinite(point.Y)));
        return new Curve(
            name,
            style,
            Curve.Thin(Curve.Mean([.. averaged.Select(Line)]), PointsPerLine),
            isPlain ? [] : [.. lines.Select(line => Curve.Thin(line, PointsPerThinLine))],
            [.. ends.Where(point => point != default)]);
    }
}
