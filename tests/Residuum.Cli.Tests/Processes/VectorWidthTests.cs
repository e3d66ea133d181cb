using System.Globalization;

namespace Residuum.Cli.Tests.Processes;

/// <summary>
/// The same bits at every vector width, and with the runtime's own vector instructions switched off: in processes of their own, because a
/// process chooses its width once.
/// </summary>
public sealed class VectorWidthTests(TrainedReference reference) : IClassFixture<TrainedReference>
{
    public static TheoryData<string> Widths => ["DOTNET_EnableAVX512=0", "DOTNET_EnableHWIntrinsic=0", "RESIDUUM_SIMD=scalar", "RESIDUUM_SIMD=256", "RESIDUUM_SIMD=512"];

    [Theory]
    [MemberData(nameof(Widths))]
    public void Golden_cases_agree(string environment)
    {
        (int exitCode, string output) = ToolProcess.Residuum(environment, "replay", "tests/golden/sgd", "tests/golden/adamw", "tests/golden/microadam");
        Assert.True(exitCode == 0, output);
        int cases = new[] { "sgd", "adamw", "microadam" }.Sum(name => Directory.GetFiles(Path.Combine(ToolProcess.RepositoryRoot, "tests/golden", name), "*.json").Length);
        Assert.EndsWith(string.Create(CultureInfo.InvariantCulture, $"{cases} passed, 0 failed"), output.TrimEnd(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Training_gives_the_same_bits(string environment)
    {
        string checkpoint = reference.Train(environment);
        (_, string output) = ToolProcess.Residuum("", "inspect", reference.Checkpoint, checkpoint);
        string[] differing = [.. output.Split('\n').Where(line => line.Contains(" elements differ", StringComparison.Ordinal) || line.StartsWith("only ", StringComparison.Ordinal))];

        // The sums hold the times of the run besides its losses.
        Assert.True(differing.All(line => line.StartsWith("trainer.sums: ", StringComparison.Ordinal)), output);
        Assert.Contains("are the same bits", output, StringComparison.Ordinal);
    }
}
