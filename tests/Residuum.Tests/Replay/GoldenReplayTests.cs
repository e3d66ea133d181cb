using Residuum.Optimizers;
using Residuum.Replay;

namespace Residuum.Tests.Replay;

public sealed class GoldenReplayTests
{
    public static TheoryData<string> Cases()
    {
        TheoryData<string> cases = [];
        foreach (OptimizerKind kind in OptimizerCatalog.Kinds)
        {
            string folder = RepositoryRoot.File("tests", "golden", kind.Name);
            foreach (string file in GoldenReplay.Find([folder]))
            {
                cases.Add(Path.GetRelativePath(RepositoryRoot.Path, file));
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_case_of_every_method_agrees(string file)
    {
        GoldenResult result = GoldenReplay.Replay(RepositoryRoot.File(file));
        Assert.True(result.Ok, result.Reason);
    }
}
