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
            rows.append({"optimizer": f"torch.optim.AdamW(foreach={foreach})", "parameters": total,
                "tensors": len(lengths), "threads": threads,
                "allocator": allocator, "version": torch.__version__,
                "nsPerParameter": {"median": statistics.median(times), "min": min(times)}})
        print(json.dumps(rows))
        """;

    /// <summary>Runs PyTorch as installed and with an allocator that keeps its memory.</summary>
    /// <param name="python">The interpreter.</param>
    /// <param name="shapes">The tensors.</param>
    /// <param name="threads">Its threads.</param>
    public static IReadOnlyList<TorchResult> Run(Python python, IReadOnlyList<ShapedParameter> shapes, int threads) =>
        [.. Measure(python, shapes, threads, keepsMemory: false), .. Measure(python, shapes, threads, keepsMemory: true)];

    private static TorchResult[] Measure(Python python, IReadOnlyList<ShapedParameter> shapes, int threads, bool keepsMemory)
    {
        string lengths = string.Join(',', shapes.Select(shape => shape.Length));
        string count = threads.ToString(CultureInfo.InvariantCulture);
        using Process process = Process.Start(
            python.Start(threads, keepsMemory, Script, count, Python.Allocator(keepsMemory), lengths))!;
        string rows = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? JsonSerializer.Deserialize(rows, BenchJson.Default.TorchResultArray)!
            : throw new IOException($"PyTorch's benchmark in {python.Path} ended with exit code {process.ExitCode}.");
    }
}
