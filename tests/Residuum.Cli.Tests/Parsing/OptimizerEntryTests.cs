using Residuum.Cli.Parsing;

namespace Residuum.Cli.Tests.Parsing;

public class OptimizerEntryTests
{
    [Fact]
    public void Commas_inside_brackets_do_not_split()
    {
        IReadOnlyList<OptimizerEntry> entries = OptimizerEntry.ParseList("sgd, adamw[betas=0.9,0.95;epsilon=1e-6] ,microadam");
        Assert.Equal(["sgd", "adamw[betas=0.9,0.95;epsilon=1e-6]", "microadam"], entries.Select(entry => entry.Text));
        Assert.Equal(["sgd", "adamw", "microadam"], entries.Select(entry => entry.Name));
        Assert.Equal([new Setting("betas", "0.9,0.95"), new Setting("epsilon", "1e-6")], entries[1].Options);
    }

    [Fact]
    public void An_option_keeps_what_follows_its_first_equals_sign() =>
        Assert.Equal(new Setting("expression", "a=b"), OptimizerEntry.Parse("x[expression=a=b]").Options.Single());

    [Theory]
    [InlineData("")]
    [InlineData("sgd,")]
    [InlineData("[rank=2]")]
    [InlineData("sgd[momentum=0.9")]
    [InlineData("sgd]momentum=0.9[")]
    [InlineData("sgd[momentum=0.9]x")]
    [InlineData("sgd[momentum]")]
    [InlineData("sgd[momentum=]")]
    [InlineData("sgd[momentum=0.9;momentum=0.8]")]
    [InlineData("sgd,sgd")]
    public void What_is_not_a_list_of_entries_is_refused(string text) =>
        Assert.Throws<UsageException>(() => OptimizerEntry.ParseList(text));

    [Fact]
    public void The_same_method_may_occur_with_different_options() =>
        Assert.Equal(2, OptimizerEntry.ParseList("microadam,microadam[errorBits=32]").Count);
}
