namespace Residuum.Cli.Tests.Processes;

/// <summary>A short training run at the machine's own vector width, which others are compared with.</summary>
public sealed class TrainedReference : IDisposable
{
    private const string Steps = "3";

    private readonly string _folder = Directory.CreateTempSubdirectory("residuum-test-").FullName;
    private int _runs;

    public TrainedReference() => Checkpoint = Train("");

    /// <summary>The checkpoint at the end of the run.</summary>
    public string Checkpoint { get; }

    /// <summary>The same run in another environment.</summary>
    /// <param name="environment">A variable as NAME=VALUE.</param>
    /// <returns>The checkpoint at its end.</returns>
    public string Train(string environment)
    {
        string folder = Path.Combine(_folder, $"run-{Interlocked.Increment(ref _runs)}");
        (int exitCode, string output) = ToolProcess.Residuum(
            environment, "train", "fashion-mlp", "--optimizer", "microadam", "--steps", Steps, "--set", "batch=32", "--seed", "3", "--out", folder);
        Assert.True(exitCode == 0, output);
        return Assert.Single(Directory.GetFiles(Path.Combine(folder, "checkpoints"), "*.safetensors"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
