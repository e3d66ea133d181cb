using System.Reflection;

namespace Residuum.Tests;

/// <summary>Where the checkout is, for tests that read golden cases, data and documents.</summary>
internal static class RepositoryRoot
{
    public static string Path { get; } = typeof(RepositoryRoot).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "RepositoryRoot").Value!;

    public static string File(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);
}
