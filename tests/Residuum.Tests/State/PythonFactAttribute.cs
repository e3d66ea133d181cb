namespace Residuum.Tests.State;

/// <summary>A test that runs Python: skipped where there is none, except under CI=true, where it then fails.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PythonFactAttribute : FactAttribute
{
    public PythonFactAttribute()
    {
        if (Interpreter is null && Environment.GetEnvironmentVariable("CI") != "true")
        {
            Skip = "there is no python3 here";
        }
    }

    /// <summary>The system's own, else the first on the path, else null.</summary>
    public static string? Interpreter { get; } = new[] { "/usr/bin/python3" }
        .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, "python3")))
        .FirstOrDefault(File.Exists);
}
