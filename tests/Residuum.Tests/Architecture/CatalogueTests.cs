using System.Globalization;
using System.Text.RegularExpressions;
using Residuum.Optimizers;

namespace Residuum.Tests.Architecture;

/// <summary>What every optimizer of the catalogue owes its users besides code.</summary>
public sealed partial class CatalogueTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public static TheoryData<string> Names => [.. OptimizerCatalog.Kinds.Select(kind => kind.Name)];

    /// <summary>The index links the method's name to its page; methods of one paper may share one.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Optimizer_has_a_page_that_names_every_option(string name)
    {
        Match link = Regex.Match(File.ReadAllText(RepositoryRoot.File("docs", "index.md")), $@"\[{name}\]\((?<page>[\w-]+\.md)\)", RegexOptions.ExplicitCapture, Patience);
        Assert.True(link.Success, $"docs/index.md has no link [{name}](PAGE.md)");
        string file = link.Groups["page"].Value;
        string page = File.ReadAllText(RepositoryRoot.File("docs", file));
        Assert.Contains(name, page, StringComparison.Ordinal);
        Repository.AssertNone(OptimizerCatalog.Get(name).OptionNames
            .Where(option => !page.Contains($"`{option}`", StringComparison.Ordinal))
            .Select(option => $"docs/{file} does not name the option {option} of {name}"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Optimizer_has_golden_cases(string name) =>
        Assert.NotEmpty(Directory.GetFiles(RepositoryRoot.File("tests", "golden", name), "*.json"));

    [Theory]
    [MemberData(nameof(Names))]
    public void Read_me_tells_the_state_that_the_optimizer_has(string name)
    {
        const int Side = 4096;
        string row = File.ReadAllLines(RepositoryRoot.File("README.md")).Single(line => line.StartsWith($"| [`{name}`]", StringComparison.Ordinal));
        Match cell = Number().Match(row.Split('|')[2]);
        long bytes = OptimizerCatalog.Get(name)
            .Plan([new ShapedGroup([new ShapedParameter("weight", [Side, Side])], [])], threads: 1)
            .Fields.Where(field => !field.Spec.IsCounter).Sum(field => field.Spec.Bytes);
        Assert.Equal(
            ((double)bytes / ((long)Side * Side)).ToString("0.00", CultureInfo.InvariantCulture),
            double.Parse(cell.Value, CultureInfo.InvariantCulture).ToString("0.00", CultureInfo.InvariantCulture));
    }

    [GeneratedRegex(@"[\d.]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Number();
}
