using System.Diagnostics;
using System.Globalization;
using Residuum.Distributed.Collectives;
using Residuum.Tests;

namespace Residuum.Distributed.Tests.Collectives;

/// <summary>A program run on several ranks by a launcher.</summary>
/// <param name="ExitCode">The launcher's exit code.</param>
/// <param name="Output">Everything that was written.</param>
/// <param name="Mark">What marks the ranks' command lines.</param>
internal sealed record RankProcess(int ExitCode, string Output, string Mark)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static bool IsInstalled => File.Exists(Launcher("openmpi")) && File.Exists(Launcher("mpich"));

    /// <summary>Runs the ranks of tests.</summary>
    /// <param name="family">openmpi or mpich: whose launcher.</param>
    /// <param name="ranks">How many.</param>
    /// <param name="arguments">What they do.</param>
    /// <param name="library">Whose library, if not the launcher's.</param>
    public static RankProcess Run(string family, int ranks, IEnumerable<string> arguments, string? library = null) =>
        Run(family, ranks, RepositoryRoot.File("artifacts", "bin", "Residuum.RankChild", "release", "Residuum.RankChild.dll"), arguments, library);

    /// <summary>Runs a program.</summary>
    /// <param name="family">openmpi or mpich: whose launcher.</param>
    /// <param name="ranks">How many.</param>
    /// <param name="program">The program's assembly.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="library">Whose library, if not the launcher's.</param>
    public static RankProcess Run(string family, int ranks, string program, IEnumerable<string> arguments, string? library = null)
    {
        string mark = $"mark-{Guid.NewGuid():N}";
        ProcessStartInfo start = new(
            Launcher(family), ["-np", ranks.ToString(CultureInfo.InvariantCulture), "dotnet", program, .. arguments, mark])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in MpiLauncher.Environment)
        {
            start.Environment[name] = value;
        }

        if (library is not null)
        {
            start.Environment["RESIDUUM_MPI_LIBRARY"] = library == "openmpi" ? "libmpi.so.40" : "libmpich.so.12";
        }

        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        bool ended = process.WaitForExit(Limit);
        if (!ended)
        {
            process.Kill(entireProcessTree: true);
        }

        Assert.True(ended, $"the ranks did not end within {Limit.TotalSeconds} s:\n{output.Result}{error.Result}");
        return new RankProcess(process.ExitCode, output.Result + error.Result, mark);
    }

    /// <summary>How many processes whose command line has a mark are left, after a moment for them to end.</summary>
    public static int StillRunning(string mark)
    {
        int left = 0;
        for (int attempt = 0; attempt < 50; attempt++)
        {
            left = Directory.EnumerateDirectories("/proc").Count(folder => HasMark(folder, mark));
            if (left == 0)
            {
                break;
            }

            Thread.Sleep(100);
        }

        return left;
    }

    private static string Launcher(string family) => $"/usr/bin/mpirun.{family}";

    private static bool HasMark(string folder, string mark)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline")).Contains(mark, StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Not a process, or one that has ended meanwhile.
            return false;
        }
    }
}
