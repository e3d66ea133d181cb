using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using Residuum.Cli.Tests.Processes;

namespace Residuum.Cli.Tests;

/// <summary>What the pages tell people to type is understood by the command line, and what they point to is there.</summary>
public sealed partial class DocumentationTests
{
    public static TheoryData<string> Pages
    {
        get
        {
            string root = ToolProcess.RepositoryRoot;
            IEnumerable<string> pages = Directory.GetFiles(root, "*.md")
                .Concat(Directory.GetFiles(Path.Combine(root, "docs"), "*.md"))
                .Concat(Directory.GetFiles(Path.Combine(root, "src"), "PACKAGE.md", SearchOption.AllDirectories));
            return [.. pages.Select(page => Path.GetRelativePath(root, page).Replace('\\', '/')).Order(StringComparer.Ordinal)];
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Commands_are_understood(string page)
    {
        foreach (string command in Command().Matches(Text(page)).Select(match => match.Groups["words"].Value))
        {
            string[] words = [.. CommandLineParser.SplitCommandLine(command)];
            string? mistake = words is [] or ["--help"] ? null : CommandLine.MistakeIn(words);
            Assert.True(mistake is null, $"{page}: residuum {command}: {mistake}");
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_within_the_repository_lead_somewhere(string page)
    {
        string folder = Path.GetDirectoryName(Path.Combine(ToolProcess.RepositoryRoot, page))!;
        foreach (string target in Link().Matches(Text(page)).Select(match => match.Groups["target"].Value))
        {
            Assert.True(Path.Exists(Path.Combine(folder, target)), $"{page} points to {target}, which is not there");
        }
    }

    private static string Text(string page) => File.ReadAllText(Path.Combine(ToolProcess.RepositoryRoot, page));

    // A line of a block, up to a comment or to a description set off by spaces; or words in backticks.
    [GeneratedRegex(@"(^ *(\./)?|`\./)residuum (?<words>[^`\n]+?)(?=`|  |$)", RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Command();

    [GeneratedRegex(@"\]\((?<target>(?!https?:|#)[^)#]+)(#[^)]*)?\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Link();
}
