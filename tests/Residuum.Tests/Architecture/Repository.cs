namespace Residuum.Tests.Architecture;

/// <summary>The checkout that the tests belong to.</summary>
internal static class Repository
{
    public static string Root => RepositoryRoot.Path;

    /// <summary>The C# files below a folder, by their path from the root with forward slashes.</summary>
    public static IEnumerable<string> SourceFiles(params string[] folders) =>
        folders.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

    public static string[] Lines(string path) => File.ReadAllLines(Path.Combine(Root, path));

    /// <summary>Fails with the list of findings, if there are any.</summary>
    public static void AssertNone(IEnumerable<string> findings)
    {
        string[] list = [.. findings];
        Assert.True(list.Length == 0, string.Join('\n', list));
    }
}
