using Residuum.Training.Trainer;

namespace Residuum.Training.Tests.Trainer;

public class DivergenceWatchdogTests
{
    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_loss_that_is_not_finite_is_divergence_at_once(double loss) =>
        Assert.True(DivergenceWatchdog.Sees(new RunCounters(), loss));

    [Fact]
    public void A_loss_far_above_the_start_is_divergence_when_it_lasts()
    {
        RunCounters counters = new();
        Assert.False(DivergenceWatchdog.Sees(counters, 2));
        for (int step = 1; step < DivergenceWatchdog.Patience; step++)
        {
            counters.Step = step;
            Assert.False(DivergenceWatchdog.Sees(counters, 6.1));
        }

        Assert.True(DivergenceWatchdog.Sees(counters, 6.1));
    }

    [Fact]
    public void One_good_step_starts_the_count_anew()
    {
        RunCounters counters = new();
        DivergenceWatchdog.Sees(counters, 2);
        counters.Step = 1;
        for (int i = 0; i < 10 * DivergenceWatchdog.Patience; i++)
        {
            Assert.False(DivergenceWatchdog.Sees(counters, i % 40 == 0 ? 1 : 100));
        }
    }
}
