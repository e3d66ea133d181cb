using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Residuum.Cli.Bench;

/// <summary>A Python that has PyTorch.</summary>
/// <param name="Path">The interpreter.</param>
internal sealed record TorchInterpreter(string Path)
{
    private static readonly string[] Candidates = ["python3", "/usr/bin/python3"];

    /// <summary>Finds one.</summary>
    /// <param name="python">The interpreter to use, or an empty text to look for one.</param>
    /// <exception cref="UsageException">None was found.</exception>
    public static TorchInterpreter Find(string python)
    {
        string path = (python.Length > 0 ? [python] : Candidates).FirstOrDefault(HasTorch)
            ?? throw new UsageException($"No PyTorch was found in {(python.Length > 0 ? python : string.Join(" or ", Candidates))}; name an interpreter that has it: --torch=PYTHON.");
        return new TorchInterpreter(path);
    }

    /// <summary>What a row says of the allocator.</summary>
    /// <param name="keepsMemory">Whether it keeps memory.</param>
    public static string Allocator(bool keepsMemory) => keepsMemory ? "keeps memory" : "as installed";

    /// <summary>How to start a script: its threads set for all libraries, their choice of kernels left to themselves.</summary>
    /// <param name="threads">Threads.</param>
    /// <param name="keepsMemory">Whether the allocator keeps memory that was freed, or, as installed, gives large pieces back.</param>
    /// <param name="script">The script's text.</param>
    /// <param name="arguments">Its arguments.</param>
    public ProcessStartInfo Start(int threads, bool keepsMemory, string script, params ReadOnlySpan<string> arguments)
    {
        string count = threads.ToString(CultureInfo.InvariantCulture);
        ProcessStartInfo start = new(Path, ["-c", script, .. arguments]) { RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment["OMP_NUM_THREADS"] = count;
        start.Environment["OPENBLAS_NUM_THREADS"] = count;
        start.Environment.Remove("OPENBLAS_CORETYPE");
        if (keepsMemory)
        {
            start.Environment["MALLOC_MMAP_MAX_"] = "0";
            start.Environment["MALLOC_TRIM_THRESHOLD_"] = "17179869184";
            start.Environment["MALLOC_TOP_PAD_"] = "1073741824";
        }

        return start;
    }

    private static bool HasTorch(string python)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(python, ["-c", "import torch"]) { RedirectStandardError = true, UseShellExecute = false })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            // No such interpreter: the next candidate, or the error of Find.
            return false;
        }
    }
}
