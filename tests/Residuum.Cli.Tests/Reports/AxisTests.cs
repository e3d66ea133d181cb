using Residuum.Cli.Reports.Plots;

namespace Residuum.Cli.Tests.Reports;

public sealed class AxisTests
{
    [Theory]
    [InlineData(0, 1560, new double[] { 0, 500, 1000, 1500 })]
    [InlineData(0, 1, new double[] { 0, 0.2, 0.4, 0.6, 0.8, 1 })]
    [InlineData(0, 6.4, new double[] { 0, 2, 4, 6 })]
    [InlineData(-3, 3, new double[] { -2, 0, 2 })]
    public void Linear_ticks_are_round(double low, double high, double[] expected)
    {
        IReadOnlyList<double> ticks = Axis.Linear(low, high, tickCount: 5).Ticks;
        Assert.Equal(expected.Length, ticks.Count);
        Assert.All(expected.Zip(ticks), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
    }

    [Fact]
    public void Loss_that_spans_a_factor_of_four_is_drawn_on_a_logarithmic_axis()
    {
        Assert.True(Axis.ForLoss(0.25, 2.3, 5).IsLogarithmic);
        Assert.False(Axis.ForLoss(0.9, 2.3, 5).IsLogarithmic);
        Assert.False(Axis.ForLoss(0, 2.3, 5).IsLogarithmic);
    }

    [Theory]
    [InlineData(1e-8, 1e8)]
    [InlineData(0.25, 2.3)]
    [InlineData(2, 9)]
    [InlineData(1e-4, 1e-3)]
    public void Logarithmic_axis_has_a_few_ticks_in_rising_order_within_its_range(double low, double high)
    {
        Axis axis = Axis.ForLoss(low, high, 5);
        Assert.InRange(axis.Ticks.Count, 3, 8);
        Assert.Equal(axis.Ticks.Order(), axis.Ticks);
        Assert.All(axis.Ticks, tick => Assert.InRange(axis.Position(tick), 0, 1));
    }

    [Theory]
    [InlineData(5, 5)]
    [InlineData(0, 0)]
    public void Range_of_one_value_is_widened(double low, double high)
    {
        Axis axis = Axis.Linear(low, high, 5);
        Assert.Equal(0.5, axis.Position(low), 1e-9);
        Assert.NotEmpty(axis.Ticks);
    }

    [Theory]
    [InlineData(1500, "1,500")]
    [InlineData(0.2, "0.2")]
    [InlineData(0.6000000000000001, "0.6")]
    [InlineData(0.00025, "2.5e-4")]
    [InlineData(0, "0")]
    public void Labels_are_short(double tick, string expected) => Assert.Equal(expected, Axis.Label(tick));
}
