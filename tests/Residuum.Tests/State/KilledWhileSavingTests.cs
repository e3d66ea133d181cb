using System.Diagnostics;
using System.Globalization;
using Residuum.CrashChild;
using Residuum.Numerics;
using Residuum.State;
using Xunit.Abstractions;

namespace Residuum.Tests.State;

/// <summary>
/// A child process saves checkpoints and is killed (SIGKILL) at random moments; the folder always holds one that verifies.
/// </summary>
public class KilledWhileSavingTests(ITestOutputHelper output)
{
    // docs/checkpoints.md has the record of a run with 200.
    private static readonly int Kills = int.Parse(
        Environment.GetEnvironmentVariable("RESIDUUM_KILLS") ?? "20", CultureInfo.InvariantCulture);

    [Fact]
    public void The_folder_always_holds_a_checkpoint_that_verifies()
    {
        using TemporaryFolder temporary = new();
        CheckpointFolder folder = new(temporary.Path);
        folder.Save(0, StepContent.Of(0));
        long newest = 0;
        int interrupted = 0;
        for (int kill = 0; kill < Kills; kill++)
        {
            long announced = RunAndKill(folder, newest + 1, delayMicroseconds: Delay(kill));
            interrupted += Directory.GetFiles(folder.Path, "*.partial").Length;

            string? found = folder.FindNewest();
            Assert.NotNull(found);
            newest = long.Parse(Path.GetFileNameWithoutExtension(found)["step-".Length..], CultureInfo.InvariantCulture);

            // Saves that were over are not lost: only the one that was announced last may be missing.
            Assert.InRange(newest, announced - 1, announced);
            Assert.All(Directory.GetFiles(folder.Path, "*.safetensors"), file => Checkpoint.OpenVerified(file).Dispose());
            Checkpoint.Load(found, StepContent.Of(newest));
            using SafetensorsFile file = SafetensorsFile.Open(found);
            float[] weights = new float[(int)file.Find("model.weight")!.Shape[0]];
            file.Read("model.weight", ElementType.F32, weights.AsSpan());
            Assert.Equal((0f + newest, (weights.Length - 1) * 0.5f + newest), (weights[0], weights[^1]));
        }

        output.WriteLine($"{Kills} kills, {interrupted} files caught half-written, newest step {newest}");

        // The kills do hit saves: most of the child's time goes into them.
        Assert.True(interrupted > 0, $"none of {Kills} kills came in the middle of writing a file");
    }

    /// <summary>Spread over the time of a save, about 25 ms on the machine where this was written.</summary>
    private static int Delay(int kill) => new CounterRandom(seed: 20261122, stream: 0).Below((ulong)kill, 25_000);

    /// <summary>Runs the child into its second save and kills it after a delay.</summary>
    /// <returns>The step whose save was announced last.</returns>
    private static long RunAndKill(CheckpointFolder folder, long first, int delayMicroseconds)
    {
        string assembly = typeof(StepContent).Assembly.Location;
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        ProcessStartInfo start = new(host, ["exec", assembly, folder.Path, first.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using Process child = Process.Start(start)!;
        child.StandardOutput.ReadLine();
        string? line = child.StandardOutput.ReadLine();
        Stopwatch waited = Stopwatch.StartNew();
        while (waited.Elapsed.TotalMicroseconds < delayMicroseconds)
        {
            Thread.SpinWait(20);
        }

        child.Kill();
        child.WaitForExit();
        long announced = long.Parse(line!, CultureInfo.InvariantCulture);
        while ((line = child.StandardOutput.ReadLine()) is not null)
        {
            announced = long.Parse(line, CultureInfo.InvariantCulture);
        }

        return announced;
    }
}
