using System.Text.Json;
using Residuum.Schedules;

namespace Residuum.Tests.Schedules;

/// <summary>Rates and momenta recorded from PyTorch 1.13 (Recorded/record.py), for two groups with different base rates.</summary>
public class ScheduleRecordedTests
{
    // PyTorch multiplies the current rate from step to step, so its own rounding accumulates over the (at most 80) steps of a case.
    private const double Tolerance = 1e-13;

    private static readonly Dictionary<string, JsonElement> Cases = File
        .ReadLines(RepositoryRoot.File("tests/Residuum.Tests/Schedules/Recorded/pytorch.jsonl"))
        .Select(line => JsonDocument.Parse(line).RootElement)
        .ToDictionary(element => element.GetProperty("name").GetString()!);

    public static TheoryData<string> ClosedForms =>
        [.. Cases.Where(pair => pair.Value.GetProperty("schedule").GetString() != "").Select(pair => pair.Key)];

    [Theory]
    [MemberData(nameof(ClosedForms))]
    public void Rates_are_those_of_PyTorch(string name) =>
        SameRates(Cases[name], Schedule.Parse(Cases[name].GetProperty("schedule").GetString()!, totalSteps: 1000));

    [Fact]
    public void Functions_give_the_rates_of_PyTorch()
    {
        SameRates(Cases["lambda"], new LambdaSchedule(t => 1.0 / (1 + t)));
        SameRates(Cases["multiplicative"], new MultiplicativeSchedule(t => 1 - (1.0 / (t + 2))));
    }

    [Theory]
    [InlineData("cyclic-triangular-5-5")]
    [InlineData("cyclic-triangular-3-8")]
    [InlineData("cyclic-triangular2-3-8")]
    [InlineData("cyclic-exp_range-3-8")]
    public void Momentum_of_cyclic_schedules_moves_down_from_the_maximum(string name)
    {
        CyclicSchedule schedule = (CyclicSchedule)Schedule.Parse(Cases[name].GetProperty("schedule").GetString()!, 1000);
        SameMomenta(Cases[name], t => schedule.MomentumAt(0.8, 0.95, t));
    }

    [Theory]
    [InlineData("one-cycle-cos-False")]
    [InlineData("one-cycle-cos-True")]
    [InlineData("one-cycle-linear-False")]
    [InlineData("one-cycle-linear-True")]
    public void Momentum_of_one_cycle_moves_opposite_to_the_rate(string name)
    {
        OneCycleSchedule schedule = (OneCycleSchedule)Schedule.Parse(Cases[name].GetProperty("schedule").GetString()!, 1000);
        SameMomenta(Cases[name], t => schedule.MomentumAt(0.85, 0.95, t));
    }

    [Fact]
    public void Plateau_lowers_the_rates_when_PyTorch_does()
    {
        double[] metrics =
        [
            .. Cases["plateau-min-rel"].GetProperty("metrics").EnumerateArray()
                .Select(m => m.ValueKind == JsonValueKind.String ? double.NaN : m.GetDouble()),
        ];
        SamePlateau(
            "plateau-min-rel", new() { Factor = 0.5, Patience = 2, Cooldown = 1, Threshold = 0.01, Minimum = 0.004 }, metrics);
        SamePlateau(
            "plateau-min-abs", new() { Factor = 0.3, Patience = 3, Threshold = 0.05, Absolute = true, Epsilon = 0.01 }, metrics);
        SamePlateau("plateau-max-rel", new() { Maximize = true, Factor = 0.5, Patience = 4, Cooldown = 3 }, metrics);
        SamePlateau(
            "plateau-max-abs", new() { Maximize = true, Factor = 0.7, Patience = 0, Threshold = 0.02, Absolute = true }, metrics);
    }

    private static void SamePlateau(string name, PlateauSchedule settings, double[] metrics)
    {
        ReduceOnPlateau plateau = new(settings, 0.1, 0.025);
        int t = 0;
        foreach (JsonElement rates in Cases[name].GetProperty("rates").EnumerateArray())
        {
            Assert.Equal(rates[0].GetDouble(), plateau.Rates[0]);
            Assert.Equal(rates[1].GetDouble(), plateau.Rates[1]);
            plateau.Observe(metrics[t++]);
        }

        Assert.True(plateau.Rates[0] < 0.1);
    }

    private static void SameRates(JsonElement recorded, Schedule schedule)
    {
        foreach ((int t, JsonElement rates) in recorded.GetProperty("rates").EnumerateArray().Index())
        {
            for (int group = 0; group < 2; group++)
            {
                double expected = rates[group].GetDouble();
                double actual = schedule.RateAt(recorded.GetProperty("base")[group].GetDouble(), t);
                bool agree = Math.Abs(actual - expected) <= Tolerance * Math.Max(expected, 1e-4);
                Assert.True(agree, $"group {group}, t = {t}: {actual:R}, PyTorch {expected:R}");
            }
        }
    }

    private static void SameMomenta(JsonElement recorded, Func<long, double> momentum)
    {
        foreach ((int t, JsonElement expected) in recorded.GetProperty("momenta").EnumerateArray().Index())
        {
            Assert.Equal(expected.GetDouble(), momentum(t), Tolerance);
        }
    }
}
