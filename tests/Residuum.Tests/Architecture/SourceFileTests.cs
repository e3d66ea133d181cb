using System.Text.RegularExpressions;

namespace Residuum.Tests.Architecture;

public sealed partial class SourceFileTests
{
    private const int LongestFile = 400;
    private const int LongestLine = 140;

    private static readonly string[] DrawerNames = ["Utils", "Utilities", "Helpers", "Common", "Misc", "Manager"];

    [Fact]
    public void Files_have_a_readable_length() =>
        Repository.AssertNone(Repository.SourceFiles("src", "tests").Where(path => Repository.Lines(path).Length > LongestFile));

    [Fact]
    public void Lines_have_a_readable_length() =>
        Repository.AssertNone(Repository.SourceFiles("src").SelectMany(path => Repository.Lines(path)
            .Index()
            .Where(line => line.Item.Length > LongestLine)
            .Select(line => $"{path}({line.Index + 1}): {line.Item.Length} columns")));

    [Fact]
    public void Unsafe_code_is_in_Numerics_alone() =>
        Repository.AssertNone(Repository.SourceFiles("src")
            .Where(path => !path.StartsWith("src/Residuum/Numerics/", StringComparison.Ordinal))
            .Where(path => Repository.Lines(path).Any(line => UnsafeCode().IsMatch(line.Split("//")[0]))));

    [Fact]
    public void No_file_is_everybodys_drawer() =>
        Repository.AssertNone(Repository.SourceFiles("src").Where(path => DrawerNames.Any(name =>
            Path.GetFileNameWithoutExtension(path).EndsWith(name, StringComparison.Ordinal) || path.Contains($"/{name}/", StringComparison.Ordinal))));

    [Fact]
    public void Nothing_is_left_to_do() =>
        Repository.AssertNone(Repository.SourceFiles("src").Where(path => Repository.Lines(path).Any(line => Unfinished().IsMatch(line))));

    /// <summary>A folder may also only sort the files of the namespace around it.</summary>
    [Fact]
    public void Namespaces_follow_folders() =>
        Repository.AssertNone(Repository.SourceFiles("src").Where(path =>
        {
            string folder = Path.GetDirectoryName(path)!["src/".Length..].Replace('/', '.').Replace('\\', '.');
            string around = folder.Contains('.') ? folder[..folder.LastIndexOf('.')] : folder;
            return Repository.Lines(path).SingleOrDefault(line => line.StartsWith("namespace ", StringComparison.Ordinal)) is string declared
                && declared != $"namespace {folder};"
                && declared != $"namespace {around};";
        }));

    [GeneratedRegex(@"\bunsafe\b(?!"")", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex UnsafeCode();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b|NotImplementedException", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Unfinished();
}
