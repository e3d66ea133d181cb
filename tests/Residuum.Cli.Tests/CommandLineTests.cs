namespace Residuum.Cli.Tests;

public class CommandLineTests
{
    [Theory]
    [InlineData("compair", "did you mean 'compare'")]
    [InlineData("compare --seedz 3", "did you mean '--seeds'")]
    [InlineData("compare fashion-mpl", "did you mean 'fashion-mlp'")]
    [InlineData("compare --seeds many", "many")]
    public void A_mistake_is_one_sentence_with_a_suggestion_and_exit_code_2(string line, string expected)
    {
        (int code, string output, string error) = Run(line.Split(' '));
        Assert.Equal(ExitCode.Usage, code);
        Assert.Equal("", output);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Single(error.Trim().Split('\n'));
    }

    [Fact]
    public void Help_lists_the_verbs()
    {
        (int code, string output, _) = Run("--help");
        Assert.Equal(ExitCode.Fine, code);
        Assert.Contains("compare", output, StringComparison.Ordinal);
        Assert.Contains("train", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("train fashion-mlp", true)]
    [InlineData("compare fashion-mlp", true)]
    [InlineData("bench", false)]
    [InlineData("evaluate runs/a", false)]
    [InlineData("replay golden", false)]
    [InlineData("--help", false)]
    public void Only_verbs_that_can_end_in_order_hold_an_interruption_back(string line, bool finishes) =>
        Assert.Equal(finishes, CommandLine.FinishesWhenInterrupted(line.Split(' ')));

    private static (int Code, string Output, string Error) Run(params string[] arguments)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        int code = CommandLine.Run(arguments, output, error, CancellationToken.None);
        return (code, output.ToString(), error.ToString());
    }
}
