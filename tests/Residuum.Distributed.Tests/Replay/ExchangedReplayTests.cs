using Residuum.Distributed.Exchange;
using Residuum.Distributed.Replay;
using Residuum.Replay;
using Residuum.Tests;

namespace Residuum.Distributed.Tests.Replay;

public sealed class ExchangedReplayTests
{
    public static TheoryData<string> Cases()
    {
        IEnumerable<string> files = GoldenReplay.Find([.. ExchangeKind.All.Select(kind => RepositoryRoot.File("tests", "golden", kind.Name))]);
        return [.. files.Select(file => Path.GetRelativePath(RepositoryRoot.Path, file))];
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_case_agrees_with_its_workers_as_threads(string file)
    {
        GoldenResult result = ExchangedReplay.Replay(RepositoryRoot.File(file));
        Assert.True(result.Ok, result.Reason);
    }

    [Fact]
    public void Every_exchange_has_cases() =>
        Assert.All(ExchangeKind.All, kind => Assert.NotEmpty(Directory.GetFiles(RepositoryRoot.File("tests", "golden", kind.Name), "*.json")));

    [Fact]
    public void An_unknown_option_is_a_failure_that_names_it()
    {
        string text = File.ReadAllText(RepositoryRoot.File("tests", "golden", "efsgd", "random-block-two-workers.json"));
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, text.Replace("\"ratio\"", "\"ration\"", StringComparison.Ordinal));
            GoldenResult result = ExchangedReplay.Replay(file);
            Assert.False(result.Ok);
            Assert.Contains("ration", result.Reason, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
