using Residuum.Cli.Parsing;

namespace Residuum.Cli.Tests.Parsing;

public class RateListTests
{
    [Fact]
    public void Rates_are_numbers_with_commas_between() =>
        Assert.Equal([1e-3, 0.03, 1], RateList.Parse("1e-3, 0.03,1"));

    [Theory]
    [InlineData("")]
    [InlineData("1e-3,,1e-2")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("fast")]
    [InlineData("0.1,1e-1")]
    public void What_is_not_a_list_of_rates_is_refused(string text) =>
        Assert.Throws<UsageException>(() => RateList.Parse(text));
}
