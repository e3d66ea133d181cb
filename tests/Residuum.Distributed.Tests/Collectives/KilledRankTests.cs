using System.Globalization;

namespace Residuum.Distributed.Tests.Collectives;

/// <summary>Real processes that train together; one of them is killed in mid-run.</summary>
[Collection(nameof(MpiTests))]
public sealed class KilledRankTests : IDisposable
{
    private const string Never = "-1";

    private readonly string _folder = Directory.CreateTempSubdirectory("residuum-killed-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>
    /// The launcher ends the others, and fewer ranks go on from the last checkpoint: the mean of the errors is conserved there, and the
    /// loss ends
    /// where that of an undisturbed run does.
    /// </summary>
    [MpiTheory]
    [InlineData("openmpi", 3, 2, "efsgd", "ratio=0.2")]
    [InlineData("openmpi", 3, 1, "conef", "ratio=0.5;sketchSize=0.4")]
    [InlineData("mpich", 2, 1, "efsgd", "compressor=topK;ratio=0.05")]
    public void A_run_goes_on_without_the_rank_that_was_killed(string family, int ranks, int fewer, string exchange, string options)
    {
        double undisturbed = Loss(Train(family, ranks, "undisturbed", exchange, options, Never));

        RankProcess killed = Train(family, ranks, "killed", exchange, options, dieAt: "70");
        Assert.NotEqual(0, killed.ExitCode);
        Assert.Equal(0, RankProcess.StillRunning(killed.Mark));

        double resumed = Loss(Train(family, fewer, "killed", exchange, options, Never));
        double[] saved = Numbers("saved-at-60");
        Assert.Contains(saved, error => Math.Abs(error) > 1e-3);
        Assert.All(saved.Zip(Numbers("resumed-at-60")), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
        Assert.InRange(resumed / undisturbed, 0.97, 1.03);
    }

    private RankProcess Train(string family, int ranks, string run, string exchange, string options, string dieAt) =>
        RankProcess.Run(family, ranks, ["train", Directory.CreateDirectory(Path.Combine(_folder, run)).FullName, exchange, options, dieAt]);

    private static double Loss(RankProcess run)
    {
        Assert.True(run.ExitCode == 0, run.Output);
        string line = run.Output.Split('\n').Single(line => line.StartsWith("loss ", StringComparison.Ordinal));
        return double.Parse(line[5..], CultureInfo.InvariantCulture);
    }

    private double[] Numbers(string name) =>
        [.. File.ReadAllLines(Path.Combine(_folder, "killed", name)).Select(line => double.Parse(line, CultureInfo.InvariantCulture))];
}
