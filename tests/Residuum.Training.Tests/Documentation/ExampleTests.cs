using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Examples;

namespace Residuum.Training.Tests.Documentation;

/// <summary>The code in the read-me files is the code of a method that is compiled and run here.</summary>
/// <remarks>Run by itself: the examples write to the console, and so do property tests.</remarks>
[Collection(nameof(ConsoleCollection))]
public sealed partial class ExampleTests
{
    private static string Root => typeof(ExampleTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "RepositoryRoot").Value!;

    [Theory]
    [InlineData("README.md", nameof(LibraryExample))]
    [InlineData("src/Residuum/PACKAGE.md", nameof(LibraryExample))]
    [InlineData("src/Residuum.Training/PACKAGE.md", nameof(TrainingExample))]
    public void Code_of_a_read_me_is_the_code_that_is_tested(string page, string example)
    {
        string source = File.ReadAllText(Path.Combine(Root, "tests/Residuum.Training.Tests/Documentation", $"{example}.cs"));
        string[] code = CodeBlock().Match(File.ReadAllText(Path.Combine(Root, page))).Groups["code"].Value.Split('\n');

        Assert.Equal(Usings(source.Split('\n')), Usings(code));
        Assert.Equal(Body(source), string.Join('\n', code.Where(line => !IsUsing(line))).Trim('\n'));
    }

    [Fact]
    public void Library_example_prints_what_the_read_me_says()
    {
        string state = OutputOf(LibraryExample.Run).Trim();
        Assert.Equal("0.96 bytes of state a weight", state);
        Assert.Contains("MicroAdam keeps 0.96 bytes", File.ReadAllText(Path.Combine(Root, "README.md")), StringComparison.Ordinal);
    }

    [Fact]
    public void Training_example_learns()
    {
        string last = OutputOf(TrainingExample.Run).Trim().Split('\n')[^1];
        Assert.StartsWith("step 200: loss 0.0", last, StringComparison.Ordinal);
        Assert.InRange(double.Parse(last.Split(' ')[^1], CultureInfo.InvariantCulture), 0, 0.1);
    }

    private static string OutputOf(Action example)
    {
        TextWriter console = Console.Out;
        using StringWriter output = new(CultureInfo.InvariantCulture);
        Console.SetOut(output);
        try
        {
            example();
        }
        finally
        {
            Console.SetOut(console);
        }

        return output.ToString();
    }

    private static bool IsUsing(string line) => line.StartsWith("using ", StringComparison.Ordinal);

    private static IEnumerable<string> Usings(IEnumerable<string> lines) => lines.Where(IsUsing);

    private static string Body(string source)
    {
        const string Indentation = "        ";
        string region = Region().Match(source).Groups["code"].Value;
        return string.Join('\n', region.Split('\n').Select(line => line.StartsWith(Indentation, StringComparison.Ordinal) ? line[Indentation.Length..] : line)).Trim('\n');
    }

    [GeneratedRegex(@"```csharp\n(?<code>.*?)```", RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"// example\n(?<code>.*?)\s*// end\n", RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Region();
}
