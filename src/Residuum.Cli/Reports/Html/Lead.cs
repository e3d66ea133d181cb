using Residuum.Cli.Reports.Plots;
using Residuum.Training.Trainer;

namespace Residuum.Cli.Reports.Html;

/// <summary>The head of a report: what was trained, and each method's quality beside its memory, in the run's own numbers.</summary>
internal static class Lead
{
    /// <summary>The sentences as markup.</summary>
    /// <param name="runs">All runs.</param>
    /// <param name="methods">The same, by optimizer.</param>
    public static HtmlBuilder Of(IReadOnlyList<RecordedRun> runs, IReadOnlyList<MethodSummary> methods)
    {
        RunPlan plan = runs[0].Plan;
        int seeds = methods.Max(method => method.Seeds);
        string trained = $"{NumberText.Count(plan.Parameters)} weights trained for {NumberText.Count(plan.Steps)} steps"
            + $" of {NumberText.Count(plan.ExamplesPerStep)} {plan.ExampleUnit}";
        string start = methods.Count > 1 ? ", every optimizer from the same start" : "";
        string repeated = seeds > 1 ? $", {seeds} seeds each" : "";
        HtmlBuilder html = new();
        html.Add($"""<p class="lead">{trained}{start}{repeated}.</p><ul class="findings">""");
        for (int style = 0; style < methods.Count; style++)
        {
            html.Add($"<li>{LineChart.Key(style)} <b>{HtmlBuilder.Breakable(methods[style].Optimizer)}</b> {Finding(methods[style])}</li>");
        }

        return html.Add($"</ul>");
    }

    private static string Finding(MethodSummary method)
    {
        string state = $"{NumberText.Ratio(method.StateBytesPerParameter)} bytes of optimizer state per weight";
        string quality =
            method.TestAccuracy is Spread accuracy ? $"{NumberText.Percent(accuracy.Mean)} % of the test part right"
            : method.BitsPerByte is Spread bits ? $"{NumberText.Loss(bits.Mean)} bits per byte of the test part"
            : method.TestLoss is Spread test ? $"test loss {NumberText.Loss(test.Mean)}"
            : method.ValidationLoss is Spread validation ? $"validation loss {NumberText.Loss(validation.Mean)}"
            : method.TrainLoss is Spread train ? $"training loss {NumberText.Loss(train.Mean)}"
            : "diverged";
        return $"{quality}, {state}";
    }
}
