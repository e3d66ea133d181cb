using System.Text.RegularExpressions;
using System.Xml.Linq;
using Residuum.Cli.Reports;
using Residuum.Cli.Reports.Html;
using Residuum.Training.Trainer;

namespace Residuum.Cli.Tests.Reports;

public sealed partial class HtmlReportTests
{
    private const string Hostile = "<script>alert('x')</script>&\"";

    [Fact]
    public void Page_loads_nothing_and_runs_nothing()
    {
        string page = HtmlReport.Render(Report(SampleRuns.Comparison(2)));

        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("http", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("src=", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("url(", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("@import", page, StringComparison.OrdinalIgnoreCase);
        Assert.All(References().Matches(page), match => Assert.StartsWith("#", match.Groups["target"].Value, StringComparison.Ordinal));
    }

    [Fact]
    public void All_text_is_escaped()
    {
        RecordedRun run = SampleRuns.Run(Hostile, 0.1, 0, 0.5, 0.01, 8, 1);
        run = run with
        {
            Plan = run.Plan with { Recipe = Hostile, ExampleUnit = Hostile, Settings = new Dictionary<string, string>(StringComparer.Ordinal) { [Hostile] = Hostile } },
        };
        string page = HtmlReport.Render(Report([run, run]) with { Command = ["compare", Hostile], Search = [run, run] });

        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotContain("alert('x')", page, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;&amp;&quot;", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Drawings_are_well_formed_and_stay_in_their_frames()
    {
        MatchCollection drawings = Drawings().Matches(HtmlReport.Render(Report(
            [.. SampleRuns.Comparison(3), SampleRuns.Run("ldadam", 0.5, 0, 0.5, 0.005, 400_000, 0.4, RunOutcome.Diverged)])));

        Assert.Equal(4, drawings.Count);
        foreach (Match drawing in drawings)
        {
            XElement svg = XElement.Parse(drawing.Value);
            Assert.Contains("adamw", svg.Attribute("aria-label")!.Value, StringComparison.Ordinal);
            Assert.True(svg.Descendants("text").Count() >= 8, "A chart has too few ticks to be read.");
            foreach (XElement marker in svg.Descendants("use"))
            {
                Assert.InRange((double)marker.Attribute("x")!, 0, 400);
                Assert.InRange((double)marker.Attribute("y")!, 0, 240);
            }
        }
    }

    [Fact]
    public void Runs_without_a_usable_number_still_make_a_page()
    {
        RecordedRun run = SampleRuns.Run("adamw", 10, 0, 0.5, 0.01, 8, 1, RunOutcome.Diverged);
        MetricPoint point = run.Result.History[0] with { TrainLoss = double.NaN, GradientNorm = double.PositiveInfinity };
        run = run with { Result = run.Result with { TrainLoss = double.NaN, Validation = null, History = [point] } };

        string page = HtmlReport.Render(Report([run]));
        Assert.Contains("diverged", page, StringComparison.Ordinal);
        Assert.DoesNotContain("d=\"MNaN", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Interrupted_run_without_history_still_makes_a_page()
    {
        RecordedRun run = SampleRuns.Run("adamw", 0.001, 0, 0.5, 0.01, 8, 1, RunOutcome.Interrupted);
        run = run with { Result = run.Result with { Steps = 0, History = [] } };

        Assert.Contains("interrupted", HtmlReport.Render(Report([run])), StringComparison.Ordinal);
    }

    [Fact]
    public void Command_can_be_copied_into_a_shell()
    {
        RunReport report = Report(SampleRuns.Comparison(1)) with { Command = ["compare", "--optimizers", "ldadam[rank=16;errorFeedback=false]", "it's"] };
        Assert.Contains(
            "./residuum compare --optimizers &#x27;ldadam[rank=16;errorFeedback=false]&#x27; &#x27;it&#x27;\\&#x27;&#x27;s&#x27;",
            HtmlReport.Render(report),
            StringComparison.Ordinal);
    }

    private static RunReport Report(IReadOnlyList<RecordedRun> runs) =>
        new() { Command = ["compare", "fashion-mlp"], Started = DateTimeOffset.UnixEpoch, Runs = runs };

    [GeneratedRegex("href=\"(?<target>[^\"]*)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex References();

    [GeneratedRegex("<svg[^>]*role=\"img\".*?</svg>", RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Drawings();
}
