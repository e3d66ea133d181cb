using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Residuum.Cli.Json;

namespace Residuum.Cli.Bench;

/// <summary>A process in which PyTorch trains a model, a few steps at a time when asked.</summary>
internal sealed class TorchTraining : IDisposable
{
    private readonly Process _process;
    private readonly string _python;

    /// <summary>Starts it.</summary>
    /// <param name="python">The interpreter.</param>
    /// <param name="model">What it trains.</param>
    /// <param name="threads">Its threads.</param>
    /// <param name="keepsMemory">Whether its allocator keeps memory.</param>
    public TorchTraining(Python python, TorchModel model, int threads, bool keepsMemory)
    {
        Allocator = Python.Allocator(keepsMemory);
        _python = python.Path;
        ProcessStartInfo start = python.Start(
            threads,
            keepsMemory,
            Python.Script("TorchTraining.py"),
            JsonSerializer.Serialize(model, BenchJson.Default.TorchModel),
            threads.ToString(CultureInfo.InvariantCulture));
        start.RedirectStandardInput = true;
        _process = Process.Start(start)!;
    }

    /// <summary>As installed, or one that keeps memory.</summary>
    public string Allocator { get; }

    /// <summary>Takes some steps.</summary>
    /// <param name="steps">How many.</param>
    /// <exception cref="IOException">The process has ended.</exception>
    public TorchTurn Take(int steps)
    {
        _process.StandardInput.WriteLine(steps.ToString(CultureInfo.InvariantCulture));
        _process.StandardInput.Flush();
        string answer = _process.StandardOutput.ReadLine()
            ?? throw new IOException($"PyTorch's training in {_python} ended before its time.");
        return JsonSerializer.Deserialize(answer, BenchJson.Default.TorchTurn)!;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
