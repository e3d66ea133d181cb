namespace Residuum.Cli.Tests.Verbs;

public sealed class DataVerbTests
{
    [Fact]
    public void List_shows_every_vendored_set_verified()
    {
        (int code, string output, string error) = Run("data", "list");
        Assert.Equal((ExitCode.Fine, ""), (code, error));
        foreach (string name in new[] { "fashion-mnist", "sotu", "glosses", "spam", "dna", "grants", "letter", "gpt2-tokenizer" })
        {
            string row = Assert.Single(output.Split('\n'), line => line.StartsWith($"  {name} ", StringComparison.Ordinal));
            Assert.EndsWith("(verified)", row, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("data install fashion-mnist-ful", "did you mean 'fashion-mnist-full'", ExitCode.Usage)]
    [InlineData("data install sotu", "comes with the repository", ExitCode.Usage)]
    [InlineData("data install fashion-mnist-full --from nowhere", "nowhere does not hold train-images-idx3-ubyte.gz", ExitCode.Failure)]
    [InlineData("data", "Name a verb: list, install", ExitCode.Usage)]
    [InlineData("data instal", "did you mean 'install'", ExitCode.Usage)]
    public void What_cannot_be_installed_is_one_sentence(string line, string expected, int exitCode)
    {
        (int code, string output, string error) = Run(line.Split(' '));
        Assert.Equal((exitCode, ""), (code, output));
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Single(error.Trim().Split('\n'));
    }

    private static (int Code, string Output, string Error) Run(params string[] arguments)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        int code = CommandLine.Run(arguments, output, error, CancellationToken.None);
        return (code, output.ToString(), error.ToString());
    }
}
