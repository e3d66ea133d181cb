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

    [Fact]
    public void A_case_that_cannot_be_run_fails_and_says_why()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(
                file,
                """
                {
                  "method": "fd-son", "name": "no rate",
                  "hyperparameters": { "learningRate": 0, "delta": 0 },
                  "tolerance": { "absolute": 1e-6, "relative": 1e-6 },
                  "parameters": [ { "name": "w", "shape": [2], "initial": [1, 2] } ],
                  "steps": [ { "gradients": { "w": [1, 1] }, "expected": { "w": [1, 2] } } ]
                }
                """);
            GoldenResult result = GoldenReplay.Replay(file);
            Assert.False(result.Ok);
            Assert.False(string.IsNullOrEmpty(result.Reason));
        }
        finally
        {
            File.Delete(file);
        }
    }
}
