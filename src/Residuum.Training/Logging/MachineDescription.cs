using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Residuum.Numerics;

namespace Residuum.Training.Logging;

/// <summary>What of the machine bears on a measured number. It holds no name of a host or a user.</summary>
/// <param name="Processor">The processor's model as the system names it, or "unknown".</param>
/// <param name="LogicalProcessors">How many threads this process may run at once.</param>
/// <param name="VectorLanes">How many float32 lanes the kernels use: 16, 8 or 1.</param>
/// <param name="MemoryBytes">The memory that this process may use.</param>
/// <param name="Architecture">For example X64.</param>
/// <param name="OperatingSystem">Its name and version.</param>
/// <param name="Runtime">For example .NET 10.0.0.</param>
public sealed record MachineDescription(
    string Processor, int LogicalProcessors, int VectorLanes, long MemoryBytes, string Architecture, string OperatingSystem, string Runtime)
{
    /// <summary>Describes the machine that this process runs on.</summary>
    public static MachineDescription Current() => new(
        ProcessorModel(),
        Environment.ProcessorCount,
        SimdWidth.Lanes,
        GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
        RuntimeInformation.ProcessArchitecture.ToString(),
        RuntimeInformation.OSDescription,
        RuntimeInformation.FrameworkDescription);

    /// <summary>The description as JSON.</summary>
    public JsonObject ToJson() => new()
    {
        ["processor"] = Processor,
        ["logicalProcessors"] = LogicalProcessors,
        ["vectorLanes"] = VectorLanes,
        ["memoryBytes"] = MemoryBytes,
        ["architecture"] = Architecture,
        ["operatingSystem"] = OperatingSystem,
        ["runtime"] = Runtime,
    };

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Processor}, {LogicalProcessors} logical processors, {VectorLanes} vector lanes, {Runtime}";

    private static string ProcessorModel()
    {
        const string LinuxList = "/proc/cpuinfo";
        if (File.Exists(LinuxList))
        {
            foreach (string line in File.ReadLines(LinuxList))
            {
                if (line.StartsWith("model name", StringComparison.Ordinal) && line.Contains(':'))
                {
                    return line[(line.IndexOf(':') + 1)..].Trim();
                }
            }
        }

        return Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? "unknown";
    }
}
