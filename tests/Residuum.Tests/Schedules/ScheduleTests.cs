using Residuum.Schedules;

namespace Residuum.Tests.Schedules;

/// <summary>The formulas against values worked out by hand.</summary>
public class ScheduleTests
{
    private const double B = 0.1;

    [Fact]
    public void Linear_by_default_goes_from_the_base_rate_to_zero()
    {
        LinearSchedule schedule = new() { Steps = 395 };
        Assert.Equal(B, schedule.RateAt(B, 0));
        Assert.Equal(B * (1 - (100.0 / 395)), schedule.RateAt(B, 100), 1e-17);
        Assert.Equal(B * (1 - (394.0 / 395)), schedule.RateAt(B, 394), 1e-17);
        Assert.Equal(0, schedule.RateAt(B, 395));
        Assert.Equal(0, schedule.RateAt(B, 1000));
    }

    [Fact]
    public void Constant_without_settings_is_the_base_rate()
    {
        ConstantSchedule schedule = new();
        Assert.Equal(B, schedule.RateAt(B, 0));
        Assert.Equal(B, schedule.RateAt(B, 1_000_000));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(-1)]
    public void A_rate_that_is_none_is_refused(double rate)
    {
        LambdaSchedule schedule = new(_ => rate);
        Assert.Throws<ArgumentOutOfRangeException>(() => schedule.RateAt(B, 0));
    }

    [Fact]
    public void Cosine_stays_at_the_minimum_unless_periodic()
    {
        CosineSchedule schedule = new() { Steps = 10, Minimum = 0.02 };
        Assert.Equal(B, schedule.RateAt(B, 0), 1e-17);
        Assert.Equal(0.06, schedule.RateAt(B, 5), 1e-16);
        Assert.Equal(0.02, schedule.RateAt(B, 10), 1e-17);
        Assert.Equal(0.02, schedule.RateAt(B, 15), 1e-17);

        CosineSchedule periodic = schedule with { Periodic = true };
        Assert.Equal(0.06, periodic.RateAt(B, 15), 1e-16);
        Assert.Equal(B, periodic.RateAt(B, 20), 1e-16);
        Assert.Equal(0.06, periodic.RateAt(B, 25), 1e-16);
    }

    // nanoGPT: t < W: b (t + 1) / (W + 1); t > N: min; between, cosine with ratio (t - W) / (N - W).
    [Theory]
    [InlineData(0, 6e-4 * 1 / 101)]
    [InlineData(99, 6e-4 * 100 / 101)]
    [InlineData(100, 6e-4)]
    [InlineData(550, 6e-5 + (0.5 * (6e-4 - 6e-5)))]
    [InlineData(1000, 6e-5)]
    [InlineData(1001, 6e-5)]
    public void Cosine_with_warm_up_has_the_form_of_nanoGPT(long step, double expected)
    {
        Schedule schedule = Schedule.Parse("cosine:warmup=100,min=6e-5", 1000);
        Assert.Equal(expected, schedule.RateAt(6e-4, step), 1e-18);
    }

    [Fact]
    public void Warm_up_from_zero_starts_at_zero_and_reaches_the_base_rate()
    {
        WarmUpSchedule schedule = new() { Steps = 4, FromZero = true, Next = new ConstantSchedule() };
        Assert.Equal([0, 0.025, 0.05, 0.075, 0.1], Enumerable.Range(0, 5).Select(t => Math.Round(schedule.RateAt(B, t), 15)));
    }

    [Fact]
    public void Warm_up_stable_decay_has_three_parts()
    {
        WarmUpStableDecaySchedule schedule = new() { Steps = 100, WarmUp = 9, Decay = 20, Minimum = 0.01 };
        Assert.Equal(B / 10, schedule.RateAt(B, 0), 1e-17);
        Assert.Equal(B, schedule.RateAt(B, 9));
        Assert.Equal(B, schedule.RateAt(B, 80));
        Assert.Equal(0.055, schedule.RateAt(B, 90), 1e-16);
        Assert.Equal(0.01, schedule.RateAt(B, 100), 1e-17);
        Assert.Equal(0.01, schedule.RateAt(B, 200), 1e-17);

        WarmUpStableDecaySchedule root = schedule with { Shape = AnnealingShape.OneMinusSquareRoot };
        Assert.Equal(0.01 + (0.09 * 0.5), root.RateAt(B, 85), 1e-16);
    }

    [Fact]
    public void Polynomial_and_multi_step_and_lambda_follow_their_formulas()
    {
        Assert.Equal(B * 0.25, new PolynomialSchedule { Steps = 10, Power = 2 }.RateAt(B, 5), 1e-17);
        MultiStepSchedule steps = new() { Milestones = [3, 5, 5], Gamma = 0.5 };
        Assert.Equal([B, B / 2, B / 2, B / 8], new long[] { 2, 3, 4, 5 }.Select(t => steps.RateAt(B, t)));
        Assert.Equal(B * 49, new LambdaSchedule(t => t * t).RateAt(B, 7), 1e-15);
    }

    [Fact]
    public void Multiplicative_does_not_depend_on_which_steps_were_asked_for()
    {
        static double Factor(long j) => 1 - (1.0 / (j + 2));
        MultiplicativeSchedule asked = new(Factor);
        double last = 0;
        foreach (long t in new long[] { 3, 50, 7, 7, 20, 50 })
        {
            last = asked.RateAt(B, t);
        }

        Assert.Equal(new MultiplicativeSchedule(Factor).RateAt(B, 50), last);
        Assert.Equal(B, new MultiplicativeSchedule(Factor).RateAt(B, 0));
        Assert.Equal(B * 2 / 3 * 3 / 4, new MultiplicativeSchedule(Factor).RateAt(B, 2), 1e-16);
    }

    [Fact]
    public void One_cycle_stays_at_its_last_rate_after_the_last_step()
    {
        foreach (bool threePhases in (bool[])[false, true])
        {
            OneCycleSchedule schedule = new() { Steps = 40, ThreePhases = threePhases };
            foreach (double b in (double[])[B, B / 4])
            {
                Assert.Equal(b / 25 / 1e4, schedule.RateAt(b, 39), 1e-20);
                Assert.Equal(b / 25 / 1e4, schedule.RateAt(b, 40), 1e-20);
                Assert.Equal(b / 25 / 1e4, schedule.RateAt(b, 1000), 1e-20);
            }
        }

        // The peak may fall before the first update or on the last; no rate is NaN.
        foreach (double fraction in (double[])[1e-9, 0.1, 0.5, 1])
        {
            OneCycleSchedule schedule = new() { Steps = 10, PeakFraction = fraction };
            Assert.All(Enumerable.Range(0, 12), t => Assert.InRange(schedule.RateAt(B, t), 0, B));
        }
    }

    [Fact]
    public void A_sequence_starts_each_schedule_at_its_own_zero()
    {
        SequentialSchedule schedule = new()
        {
            Schedules =
            [
                new ConstantSchedule { Factor = 0.5, Steps = 100 },
                new LinearSchedule { Steps = 10 },
                new ExponentialSchedule { Gamma = 0.5 },
            ],
            Milestones = [5, 15],
        };
        Assert.Equal(B / 2, schedule.RateAt(B, 4));
        Assert.Equal(B, schedule.RateAt(B, 5));
        Assert.Equal(B * 0.1, schedule.RateAt(B, 14), 1e-16);
        Assert.Equal(B, schedule.RateAt(B, 15));
        Assert.Equal(B / 4, schedule.RateAt(B, 17));
    }

    [Fact]
    public void Values_out_of_range_name_the_setting()
    {
        ArgumentException steps = Assert.Throws<ArgumentOutOfRangeException>(() => new LinearSchedule { Steps = 0 });
        Assert.Contains("steps", steps.Message, StringComparison.Ordinal);
        ArgumentException gamma = Assert.Throws<ArgumentOutOfRangeException>(() => new ExponentialSchedule { Gamma = 0 });
        Assert.Contains("gamma", gamma.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConstantSchedule().RateAt(B, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConstantSchedule().RateAt(double.NaN, 0));
        Assert.Throws<ArgumentException>(() => new MultiStepSchedule { Milestones = [5, 3] });
        Assert.Throws<ArgumentException>(() => new SequentialSchedule { Schedules = [new ConstantSchedule()], Milestones = [5] });
    }
}
