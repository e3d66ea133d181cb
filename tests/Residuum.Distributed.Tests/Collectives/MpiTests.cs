using System.Text.Json;
using Residuum.Distributed.Exchange;
using Residuum.Replay;
using Residuum.Tests;

namespace Residuum.Distributed.Tests.Collectives;

/// <summary>MPI with real processes, of Open MPI and of MPICH.</summary>
[Collection(nameof(MpiTests))]
[CollectionDefinition(nameof(MpiTests), DisableParallelization = true)]
public sealed class MpiTests
{
    [MpiTheory]
    [InlineData("openmpi", 1, "")]
    [InlineData("openmpi", 3, "")]
    [InlineData("openmpi", 4, "deterministic")]
    [InlineData("openmpi", 2, "pieces")]
    [InlineData("openmpi", 3, "deterministic pieces")]
    [InlineData("mpich", 1, "")]
    [InlineData("mpich", 2, "")]
    [InlineData("mpich", 2, "deterministic pieces")]
    public void Every_collective_gives_what_it_must(string family, int ranks, string how)
    {
        RankProcess run = RankProcess.Run(family, ranks, ["collectives", .. how.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Contains($"passed on {ranks} ranks", run.Output, StringComparison.Ordinal);
    }

    /// <summary>Steps by divided gradients, and of divided parameters, are those by whole ones: the same bits in the deterministic mode, else but for rounding.</summary>
    [MpiTheory]
    [InlineData("openmpi", 3, "")]
    [InlineData("openmpi", 4, "deterministic")]
    [InlineData("mpich", 2, "deterministic")]
    public void What_is_divided_steps_as_if_it_were_whole(string family, int ranks, string how)
    {
        RankProcess run = RankProcess.Run(family, ranks, ["shards", .. how.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Contains($"passed on {ranks} ranks", run.Output, StringComparison.Ordinal);
    }

    [MpiTheory]
    [InlineData("openmpi")]
    [InlineData("mpich")]
    public void Golden_cases_agree_on_as_many_real_ranks(string family)
    {
        IEnumerable<string> files =
            GoldenReplay.Find([.. ExchangeKind.All.Select(kind => RepositoryRoot.File("tests", "golden", kind.Name))]);
        foreach (IGrouping<int, string> sameRanks in files.GroupBy(WorkersOf))
        {
            RankProcess run = RankProcess.Run(family, sameRanks.Key, ["replay", .. sameRanks]);
            Assert.True(run.ExitCode == 0, run.Output);
            Assert.Contains($"passed on {sameRanks.Key} ranks", run.Output, StringComparison.Ordinal);
        }
    }

    /// <summary>One rank fails and the others end too, within seconds.</summary>
    [MpiTheory]
    [InlineData("openmpi", "exception", "rank 1 of 3: something broke")]
    [InlineData("openmpi", "kill", "")]
    [InlineData("openmpi", "hang", "did not arrive")]
    [InlineData("mpich", "exception", "rank 1 of 3: something broke")]
    [InlineData("mpich", "kill", "")]
    [InlineData("mpich", "hang", "did not arrive")]
    public void A_rank_that_fails_ends_all(string family, string how, string message)
    {
        // Only where a rank hangs must the others give up waiting; elsewhere a slow machine could make them do so first.
        RankProcess run = RankProcess.Run(family, 3, how == "hang" ? [how, "impatient"] : [how]);
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains(message, run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("passed", run.Output, StringComparison.Ordinal);
        Assert.Equal(0, RankProcess.StillRunning(run.Mark));
    }

    [MpiTheory]
    [InlineData("openmpi", "mpich")]
    [InlineData("mpich", "openmpi")]
    public void A_launcher_of_another_family_is_noticed(string launcher, string library)
    {
        RankProcess run = RankProcess.Run(launcher, 2, ["collectives"], library);
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("different families", run.Output, StringComparison.Ordinal);
    }

    private static int WorkersOf(string file)
    {
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllText(file));
        return golden.RootElement.GetProperty("workers").GetInt32();
    }
}
