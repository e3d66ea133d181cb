using Residuum.Schedules;
using Residuum.State;
using Residuum.Tests.State;

namespace Residuum.Tests.Schedules;

public class ReduceOnPlateauTests
{
    [Fact]
    public void A_resumed_plateau_goes_on_as_if_nothing_had_happened()
    {
        using TemporaryFolder folder = new();
        for (int stop = 0; stop < 40; stop++)
        {
            ReduceOnPlateau whole = Make();
            ReduceOnPlateau first = Make();
            for (int t = 0; t < stop; t++)
            {
                Assert.Equal(whole.Observe(Metric(t)), first.Observe(Metric(t)));
            }

            Checkpoint.Save(folder.File("c"), Content(first));
            ReduceOnPlateau resumed = Make();
            Checkpoint.Load(folder.File("c"), Content(resumed));
            for (int t = stop; t < 60; t++)
            {
                Assert.Equal(whole.Observe(Metric(t)), resumed.Observe(Metric(t)));
                Assert.Equal(whole.Rates, resumed.Rates);
            }
        }
    }

    [Fact]
    public void Patience_counts_observations_without_improvement()
    {
        ReduceOnPlateau plateau = new(new PlateauSchedule { Factor = 0.5, Patience = 2 }, 1.0);
        Assert.Equal([false, false, false, true, false, false, true], new double[] { 1, 1, 1, 1, 1, 1, 1 }.Select(plateau.Observe));
        Assert.Equal(0.25, plateau.Rates[0]);
    }

    [Fact]
    public void Values_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new ReduceOnPlateau(new PlateauSchedule()));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReduceOnPlateau(new PlateauSchedule(), -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PlateauSchedule { Factor = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new PlateauSchedule { Factor = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new PlateauSchedule { Patience = -1 });
    }

    private static ReduceOnPlateau Make() => new(new PlateauSchedule { Factor = 0.6, Patience = 3, Cooldown = 2 }, 0.1, 0.3);

    private static double Metric(int t) => t < 10 ? 1.0 / (t + 1) : 0.1 + (0.01 * (t * 7 % 5));

    private static CheckpointContent Content(ReduceOnPlateau plateau)
    {
        CheckpointContent content = new();
        foreach (StateField field in plateau.State)
        {
            content.Add(field, "trainer.");
        }

        return content;
    }
}
