namespace Residuum.Tests;

public class NearestNameTests
{
    private static readonly string[] Known = ["sgd", "adamw", "microadam", "adam8bit"];

    [Theory]
    [InlineData("adamW", "adamw")]
    [InlineData("micro-adam", "microadam")]
    [InlineData("sdg", "sgd")]
    [InlineData("adam8bits", "adam8bit")]
    public void The_nearest_name_is_found(string written, string meant) => Assert.Equal(meant, NearestName.Find(written, Known));

    [Fact]
    public void Something_quite_different_has_no_nearest_name()
    {
        Assert.Null(NearestName.Find("shampoo", Known));
        Assert.Contains("sgd, adamw, microadam, adam8bit", NearestName.Explain("optimizer", "shampoo", Known), StringComparison.Ordinal);
    }
}
