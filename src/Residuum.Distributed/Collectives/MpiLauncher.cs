using System.Diagnostics;
using System.Globalization;

namespace Residuum.Distributed.Collectives;

/// <summary>Starts a program as several ranks of this machine, by the launcher of Open MPI or of MPICH.</summary>
public static class MpiLauncher
{
    /// <summary>The environment variable that names the launcher.</summary>
    public const string LauncherVariable = "RESIDUUM_MPIRUN";

    private const int Terminate = 15;

    // What both families' launchers need here, whichever is found: each reads its own.
    private static readonly KeyValuePair<string, string>[] Settings =
    [
        new("OMPI_MCA_rmaps_base_oversubscribe", "1"),             // more ranks than processors may be asked for
        new("OMPI_MCA_hwloc_base_binding_policy", "none"),         // else two ranks are bound to one core each
        new("OMPI_MCA_mpi_yield_when_idle", "1"),
        new("UCX_ERROR_SIGNALS", ""),                              // UCX would catch SIGSEGV, which .NET needs
        new("TERM", "dumb"),                                       // rank 0 has a terminal: no escape sequences in its output
    ];

    /// <summary>The environment that ranks on one machine are started in.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Environment => !System.Environment.IsPrivilegedProcess
        ? Settings
        // In containers one is root; Open MPI wants to be told that this is known.
        : [.. Settings, new("OMPI_ALLOW_RUN_AS_ROOT", "1"), new("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1")];

    /// <summary>The launcher's file: what the environment names, else <c>mpirun</c> of the path; null if there is none.</summary>
    public static string? Find()
    {
        string asked = System.Environment.GetEnvironmentVariable(LauncherVariable) is { Length: > 0 } named ? named : "mpirun";
        if (asked.Contains('/', StringComparison.Ordinal))
        {
            return File.Exists(asked) ? asked : null;
        }

        return (System.Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, asked)).FirstOrDefault(File.Exists);
    }

    /// <summary>Runs a command on ranks of this machine; their output is this process's.</summary>
    /// <param name="ranks">How many.</param>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="interrupted">Ends the ranks.</param>
    /// <returns>The launcher's exit code.</returns>
    /// <exception cref="MpiException">There is no launcher.</exception>
    public static int Run(int ranks, IReadOnlyList<string> command, CancellationToken interrupted = default)
    {
        ArgumentNullException.ThrowIfNull(command);
        string file = Find() ?? throw new MpiException(
            $"No mpirun was found; install Open MPI or MPICH, or name the launcher in {LauncherVariable}.");
        ProcessStartInfo start = new(file, ["-np", ranks.ToString(CultureInfo.InvariantCulture), .. command])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
        };
        foreach ((string name, string value) in Environment)
        {
            start.Environment.TryAdd(name, value);
        }

        start.Environment["TERM"] = "dumb";
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        using (interrupted.Register(() => _ = MpiFunctions.SendSignal(process.Id, Terminate)))
        {
            process.WaitForExit();
        }

        return process.ExitCode;
    }
}
