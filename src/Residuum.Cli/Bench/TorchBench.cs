using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Residuum.Cli.Json;
using Residuum.Optimizers;

namespace Residuum.Cli.Bench;

/// <summary>PyTorch's AdamW on the same shapes, in a child process.</summary>
internal static class TorchBench
{
    // Times AdamW steps and prints the rows as JSON. Arguments: threads, the allocator's label, then the lengths of the tensors.
    private const string Script = """
        import json, statistics, sys, time
        import torch
        threads, allocator, lengths = int(sys.argv[1]), sys.argv[2], [int(x) for x in sys.argv[3].split(",")]
        torch.set_num_threads(threads)
        rows, total = [], sum(lengths)
        for foreach in (False, True):
            weights = [torch.full((n,), 0.1, requires_grad=True) for n in lengths]
            for w in weights:
                w.grad = torch.randn_like(w)
            optimizer = torch.optim.AdamW(weights, lr=1e-3, foreach=foreach)
            times = []
            for i in range(13):
                start = time.perf_counter_ns()
                optimizer.step()
                times.append((time.perf_counter_ns() - start) / total)
            times = times[3:]
            rows.append({"optimizer": f"torch.optim.AdamW(foreach={foreach})", "parameters": total, "tensors": len(lengths), "threads": threads,
                "allocator": allocator, "nsPerParameter": {"median": statistics.median(times), "min": min(times)}, "version": torch.__version__})
        print(json.dumps(rows))
        """;

    private static readonly string[] Candidates = ["python3", "/usr/bin/python3"];

    /// <summary>Runs PyTorch as installed and with an allocator that keeps its memory.</summary>
    /// <param name="python">The interpreter to use, or an empty text to look for one that has PyTorch.</param>
    /// <param name="shapes">The tensors.</param>
    /// <param name="threads">Its threads.</param>
    /// <exception cref="UsageException">No interpreter with PyTorch was found.</exception>
    public static IReadOnlyList<TorchResult> Run(string python, IReadOnlyList<ShapedParameter> shapes, int threads)
    {
        string interpreter = (python.Length > 0 ? [python] : Candidates).FirstOrDefault(HasTorch)
            ?? throw new UsageException($"No PyTorch was found in {(python.Length > 0 ? python : string.Join(" or ", Candidates))}; name an interpreter that has it: --torch=PYTHON.");
        return [.. Measure(interpreter, shapes, threads, keepsMemory: false), .. Measure(interpreter, shapes, threads, keepsMemory: true)];
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
            // No such interpreter: the next candidate, or the error of Run.
            return false;
        }
    }

    private static TorchResult[] Measure(string python, IReadOnlyList<ShapedParameter> shapes, int threads, bool keepsMemory)
    {
        string allocator = keepsMemory ? "keeps memory" : "as installed";
        string lengths = string.Join(',', shapes.Select(shape => shape.Length));
        string count = threads.ToString(CultureInfo.InvariantCulture);
        ProcessStartInfo start = new(python, ["-c", Script, count, allocator, lengths]) { RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment["OMP_NUM_THREADS"] = count;
        start.Environment["OPENBLAS_NUM_THREADS"] = count;
        start.Environment.Remove("OPENBLAS_CORETYPE");
        if (keepsMemory)
        {
            start.Environment["MALLOC_MMAP_MAX_"] = "0";
            start.Environment["MALLOC_TRIM_THRESHOLD_"] = "17179869184";
            start.Environment["MALLOC_TOP_PAD_"] = "1073741824";
        }

        using Process process = Process.Start(start)!;
        string rows = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? JsonSerializer.Deserialize(rows, BenchJson.Default.TorchResultArray)!
            : throw new IOException($"PyTorch's benchmark in {python} ended with exit code {process.ExitCode}.");
    }
}
