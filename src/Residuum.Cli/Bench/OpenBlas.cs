using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Residuum.Cli.Json;

namespace Residuum.Cli.Bench;

/// <summary>A process that multiplies matrices with the system's OpenBLAS, by its own choice of kernels, when asked.</summary>
internal sealed class OpenBlas : IDisposable
{
    private readonly Process _process;

    private OpenBlas(Process process, string kernel)
    {
        _process = process;
        Kernel = kernel;
    }

    /// <summary>The kernels that it chose.</summary>
    public string Kernel { get; }

    /// <summary>Starts it; null where there is no Python or no OpenBLAS.</summary>
    /// <param name="threads">Threads of a product.</param>
    public static OpenBlas? Start(int threads)
    {
        if (Python.Find("", "ctypes") is not { } python)
        {
            return null;
        }

        ProcessStartInfo start = python.Start(
            threads, keepsMemory: false, Python.Script("OpenBlas.py"), threads.ToString(CultureInfo.InvariantCulture));
        start.RedirectStandardInput = true;
        Process process = Process.Start(start)!;
        if (process.StandardOutput.ReadLine() is string line)
        {
            return new OpenBlas(process, JsonSerializer.Deserialize(line, BenchJson.Default.OpenBlasTurn)!.Kernel);
        }

        process.Dispose();
        return null;
    }

    /// <summary>Times products for a while.</summary>
    /// <param name="m">Rows of the result.</param>
    /// <param name="n">Columns of the result.</param>
    /// <param name="k">Inner dimension.</param>
    /// <param name="time">How long.</param>
    /// <returns>Nanoseconds of each.</returns>
    /// <exception cref="IOException">The process has ended.</exception>
    public IReadOnlyList<double> Take(int m, int n, int k, TimeSpan time)
    {
        _process.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{m} {n} {k} {time.TotalSeconds}"));
        _process.StandardInput.Flush();
        string answer = _process.StandardOutput.ReadLine() ?? throw new IOException("OpenBLAS's process ended before its time.");
        return JsonSerializer.Deserialize(answer, BenchJson.Default.OpenBlasTurn)!.Nanoseconds;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
