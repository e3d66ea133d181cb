using System.Diagnostics;
using System.Reflection;

namespace Residuum.Cli.Tests.Processes;

/// <summary>The command line tool as a process of its own, with environment variables of its own.</summary>
internal static class ToolProcess
{
    private const int LongestMilliseconds = 300_000;

    public static string RepositoryRoot { get; } = typeof(ToolProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "RepositoryRoot").Value!;

    private static string Dotnet => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    /// <summary>Runs <c>residuum</c> in the checkout's root.</summary>
    /// <param name="environment">Empty, or a variable as NAME=VALUE.</param>
    /// <param name="arguments">The command line.</param>
    public static (int ExitCode, string Output) Residuum(string environment, params string[] arguments) =>
        Run(environment, ["exec", Path.Combine(AppContext.BaseDirectory, "Residuum.Cli.dll"), .. arguments]);

    /// <summary>Runs the SDK in the checkout's root.</summary>
    /// <param name="arguments">The command line.</param>
    public static (int ExitCode, string Output) Sdk(params string[] arguments) => Run("", arguments);

    private static (int ExitCode, string Output) Run(string environment, string[] arguments)
    {
        ProcessStartInfo start = new(Dotnet, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = RepositoryRoot,
        };
        start.Environment.Remove("RESIDUUM_SIMD");
        if (environment.Length > 0)
        {
            string[] parts = environment.Split('=');
            start.Environment[parts[0]] = parts[1];
        }

        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(LongestMilliseconds))
        {
            process.Kill(entireProcessTree: true);
        }

        process.WaitForExit();
        return (process.ExitCode, output.GetAwaiter().GetResult() + error.GetAwaiter().GetResult());
    }
}
