using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Residuum.Cli.Bench;

/// <summary>A Python interpreter, for what is measured beside this program in a process of its own.</summary>
/// <param name="Path">The interpreter.</param>
internal sealed record Python(string Path)
{
    private static readonly string[] Candidates = ["python3", "/usr/bin/python3"];

    /// <summary>Finds one, or null.</summary>
    /// <param name="named">The interpreter to use, or an empty text to look for one.</param>
    /// <param name="module">What it must have.</param>
    public static Python? Find(string named, string module)
    {
        string? path = (named.Length > 0 ? [named] : Candidates).FirstOrDefault(candidate => Has(candidate, module));
        return path is null ? null : new Python(path);
    }

    /// <summary>Finds one that has PyTorch.</summary>
    /// <param name="named">The interpreter to use, or an empty text to look for one.</param>
    /// <exception cref="UsageException">None was found.</exception>
    public static Python WithTorch(string named) => Find(named, "torch") ?? throw new UsageException(
        $"No PyTorch was found in {(named.Length > 0 ? named : string.Join(" or ", Candidates))}; "
            + "name an interpreter that has it: --torch=PYTHON.");

    /// <summary>The text of a script that is a resource of this program.</summary>
    /// <param name="name">Its file's name.</param>
    public static string Script(string name)
    {
        using Stream stream = typeof(Python).Assembly.GetManifestResourceStream($"Residuum.Cli.Bench.{name}")
            ?? throw new InvalidOperationException($"The resource {name} is missing from this build.");
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
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

    private static bool Has(string python, string module)
    {
        try
        {
            using Process process = Process.Start(
                new ProcessStartInfo(python, ["-c", $"import {module}"]) { RedirectStandardError = true, UseShellExecute = false })!;
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
