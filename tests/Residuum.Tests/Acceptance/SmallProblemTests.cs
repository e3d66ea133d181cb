using System.Globalization;
using Residuum.Optimizers;

namespace Residuum.Tests.Acceptance;

/// <summary>What the targets of LDAdam, section 6, report of a small problem: losses, and that error feedback helps where the rank is low.</summary>
public sealed class SmallProblemTests
{
    private const int Sets = 5;

    private static readonly SmallProblem[] Problems = [.. Enumerable.Range(0, Sets).Select(k => new SmallProblem(k))];

    /// <summary>Mean test losses over the five sets after 100, 200 and 400 steps, and how far off they may be: LDAdam's runs are mildly chaotic.</summary>
    public static TheoryData<string, string, double, double, double, double> Losses => new()
    {
        { "adamw", "learningRate=0.02;weightDecay=0", 0.633, 0.570, 0.454, 0.03 },
        { "sgd", "learningRate=0.05;momentum=0.9", 0.610, 0.558, 0.492, 0.03 },
        { "ldadam", "learningRate=0.02;rank=16", 0.611, 0.525, 0.379, 0.1 },
        { "ldadam", "learningRate=0.005;rank=4", 0.980, 0.629, 0.543, 0.1 },
        { "ldadam", "learningRate=0.005;rank=4;errorFeedback=false", 1.129, 0.747, 0.621, 0.1 },
        { "galore", "learningRate=0.02;rank=4;updateInterval=50;scale=1", 1.323, 0.899, 0.670, 0.03 },
        { "ldadam", "learningRate=0.01;rank=1", 1.635, 1.017, 0.786, 0.1 },
        { "ldadam", "learningRate=0.01;rank=1;errorFeedback=false", 1.959, 1.195, 0.889, 0.1 },
        { "galore", "learningRate=0.02;rank=1;updateInterval=50;scale=1", 2.958, 2.063, 1.378, 0.03 },
        { "adam8bit", "learningRate=0.02;weightDecay=0;minQuantizedSize=256", 0.636, 0.571, 0.453, 0.03 },
        { "came", "learningRate=0.0025", 0.630, 0.532, 0.424, 0.03 },
        { "adafactor", "learningRate=0.01;scaleParameter=false", 0.605, 0.575, 0.489, 0.03 },
        { "subset-norm", "learningRate=0.05", 0.616, 0.568, 0.485, 0.03 },
        { "subspace-momentum", "learningRate=0.05;rank=4;updateInterval=50", 0.597, 0.555, 0.487, 0.03 },
    };

    [Fact]
    public void The_problem_is_the_targets_problem()
    {
        Assert.Equal([-1.04723947, -1.07156566, -1.78152488], SmallProblem.FirstNormals(0, 3).Select(Round));
        Assert.Equal([-0.22206457, -0.74006667, -0.6744733], Problems[0].TestInputs.Take(3).Select(Round));
        Assert.Equal([-0.4243675, -0.42409009, 0.85526597], Problems[0].TestTargets.Take(3).Select(Round));
        Assert.Equal(4.620376947602441, Problems[0].LossAtStart, 1e-14);

        static double Round(double value) => Math.Round(value, 8);
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void Mean_losses_are_those_of_the_targets(string method, string options, double at100, double at200, double at400, double tolerance)
    {
        (double At100, double At200, double At400)[] runs = [.. Problems.Select(problem => Train(problem, method, options))];
        AssertNear(at100, runs.Average(run => run.At100));
        AssertNear(at200, runs.Average(run => run.At200));
        AssertNear(at400, runs.Average(run => run.At400));

        // The targets have three digits.
        void AssertNear(double expected, double actual) => Assert.Equal(expected, actual, (tolerance * expected) + 0.0005);
    }

    /// <summary>
    /// In every set after 100 and 200 steps. After 400 the runs without error feedback have become chaotic: of set 3 at rank 4 the targets' float64 gives
    /// 0.648 against GaLore's 0.662, float32 as much as 0.67, so that there the order is only that of the means.
    /// </summary>
    [Theory]
    [InlineData(4, "0.005")]
    [InlineData(1, "0.01")]
    public void LDAdam_is_ahead_of_itself_without_error_feedback_and_that_of_GaLore(int rank, string rate)
    {
        double[] means = new double[3];
        foreach (SmallProblem problem in Problems)
        {
            string common = string.Create(CultureInfo.InvariantCulture, $"rank={rank};learningRate=");
            (double At100, double At200, double At400)[] runs =
            [
                Train(problem, "ldadam", common + rate),
                Train(problem, "ldadam", common + rate + ";errorFeedback=false"),
                Train(problem, "galore", common + "0.02;updateInterval=50;scale=1"),
            ];
            AssertAscending([.. runs.Select(run => run.At100)]);
            AssertAscending([.. runs.Select(run => run.At200)]);
            Assert.True(runs[0].At400 < runs[1].At400 && runs[0].At400 < runs[2].At400);
            for (int i = 0; i < means.Length; i++)
            {
                means[i] += runs[i].At400 / Sets;
            }
        }

        AssertAscending(means);
    }

    private static void AssertAscending(double[] losses) => Assert.Equal(losses.Order(), losses);

    private static (double At100, double At200, double At400) Train(SmallProblem problem, string method, string options)
    {
        KeyValuePair<string, string>[] pairs =
            [.. options.Split(';').Select(option => new KeyValuePair<string, string>(option.Split('=')[0], option.Split('=')[1]))];
        return problem.Train(parameters => OptimizerCatalog.Get(method).Create([new NamedGroup(parameters, pairs)], new StepSettings { Threads = 1 }));
    }
}
