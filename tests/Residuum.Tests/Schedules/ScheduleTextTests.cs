using Residuum.Schedules;

namespace Residuum.Tests.Schedules;

public class ScheduleTextTests
{
    public static TheoryData<string> Texts =>
    [
        "constant", "constant:factor=0.3,steps=4", "linear", "linear:start=0.1,end=1,steps=50", "linear:warmup=20", "step:size=30",
        "multi-step:milestones=10/20/90,gamma=0.3", "multi-step:milestones=10", "exponential:gamma=0.97", "polynomial:power=1.7", "cosine",
        "cosine:warmup=10,min=1e-5", "cosine:steps=25,periodic=true", "cosine-restarts:period=7,multiplier=2,min=1e-4", "cyclic:max=1",
        "cyclic:max=1,up=5,down=9,mode=triangular2", "cyclic:max=1,up=5,mode=exp-range,gamma=0.99", "one-cycle",
        "one-cycle:steps=80,shape=linear,threePhases=true", "warm-up-stable-decay",
        "warm-up-stable-decay:warmup=7,decay=30,shape=one-minus-sqrt,min=1e-3",
        "linear:start=0,end=1@10;constant@60;cosine:min=1e-6", "plateau", "plateau:warmup=9,factor=0.5,patience=3,threshold=0.01,min=1e-5",
        "plateau:absolute=true,maximize=true,cooldown=4,epsilon=0",
    ];

    [Theory]
    [MemberData(nameof(Texts))]
    public void What_is_written_as_json_reads_back_to_the_same_rates(string text)
    {
        Schedule schedule = Schedule.Parse(text, 100);
        string json = schedule.ToJson();
        Schedule again = Schedule.FromJson(json);
        Assert.Equal(json, again.ToJson());
        for (long t = 0; t < 130; t++)
        {
            Assert.Equal(BitConverter.DoubleToInt64Bits(schedule.RateAt(0.3, t)), BitConverter.DoubleToInt64Bits(again.RateAt(0.3, t)));
        }
    }

    [Fact]
    public void The_examples_of_the_page_are_right()
    {
        string[] lines = File.ReadAllLines(RepositoryRoot.File("docs/schedules.md"));
        string[] examples = [.. lines.SkipWhile(line => line != "```schedule").Skip(1).TakeWhile(line => line != "```")];
        Assert.Equal(7, examples.Length);
        Assert.All(examples, text => Schedule.Parse(text, 10_000));
    }

    [Fact]
    public void The_json_text_is_plain()
    {
        Assert.Equal("""{"kind":"cosine","steps":1000,"min":1E-05,"periodic":false}""", Schedule.Parse("cosine:min=1e-5", 1000).ToJson());
        Assert.Equal(
            """{"kind":"warm-up","steps":100,"fromZero":false,"next":{"kind":"linear","start":1,"end":0,"steps":900}}""",
            Schedule.Parse("linear:warmup=100", 1000).ToJson());
    }

    [Fact]
    public void In_a_sequence_each_schedule_lasts_until_its_milestone()
    {
        Schedule schedule = Schedule.Parse("linear:start=0,end=1@10; linear", 30);
        Assert.Equal(0, schedule.RateAt(1, 0));
        Assert.Equal(0.5, schedule.RateAt(1, 5));
        Assert.Equal(1, schedule.RateAt(1, 10));
        Assert.Equal(0.5, schedule.RateAt(1, 20));
        Assert.Equal(0, schedule.RateAt(1, 30));
    }

    [Theory]
    [InlineData("cosin", "There is no schedule 'cosin'; did you mean 'cosine'?")]
    [InlineData("", "There is no schedule ''")]
    [InlineData("cosine:minimum=1", "There is no cosine setting 'minimum'; known are min, periodic, steps, warmup")]
    [InlineData("cosine:warmups=1", "did you mean 'warmup'?")]
    [InlineData("cosine:min", "is not key=value")]
    [InlineData("cosine:min=1,min=2", "twice")]
    [InlineData("cosine:min=low", "'min' is 'low'; it must be a number")]
    [InlineData("cosine:steps=1e3", "it must be a whole number")]
    [InlineData("cosine:periodic=yes", "it must be true or false")]
    [InlineData("cosine:warmup=100", "its warm-up takes 100")]
    [InlineData("step", "needs the setting 'size'")]
    [InlineData("one-cycle:shape=round", "one of cosine, linear")]
    [InlineData("linear;cosine", "must end with @MILESTONE")]
    [InlineData("linear@5;cosine@9", "must not end with @MILESTONE")]
    [InlineData("linear@5;constant@5;cosine", "must last at least one")]
    [InlineData("linear@x;cosine", "is not a number of updates")]
    [InlineData("plateau:factors=0.5", "did you mean 'factor'?")]
    public void A_wrong_text_says_what_is_wrong(string text, string part)
    {
        FormatException exception = Assert.Throws<FormatException>(() => Schedule.Parse(text, 100));
        Assert.Contains(part, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cosine:warmup=-1", "warmup is -1")]
    [InlineData("cosine:min=-1", "min is -1")]
    [InlineData("warm-up-stable-decay:warmup=-1", "warmup is -1")]
    [InlineData("warm-up-stable-decay:decay=-1", "decay is -1")]
    [InlineData("cyclic:max=1,up=0", "up is 0")]
    [InlineData("plateau:patience=-1", "patience is -1")]
    public void A_value_out_of_range_is_named_as_it_was_written(string text, string part) =>
        Assert.Contains(part, Assert.ThrowsAny<ArgumentException>(() => Schedule.Parse(text, 100)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_sequence_has_no_plateau() =>
        Assert.Contains("plateau", Assert.Throws<ArgumentException>(() => Schedule.Parse("linear@5;plateau", 100)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{")]
    [InlineData("""{"kind":"linear"}""")]
    [InlineData("""{"kind":"linear","steps":5,"steps":6}""")]
    [InlineData("""{"kind":"linear","steps":5,"more":6}""")]
    [InlineData("""{"kind":"linear","steps":5,"next":{"kind":"constant"}}""")]
    [InlineData("""{"kind":"warm-up","steps":5}""")]
    public void Json_that_is_no_schedule_is_refused(string json) => Assert.Throws<FormatException>(() => Schedule.FromJson(json));

    [Fact]
    public void Functions_cannot_be_written()
    {
        Assert.Throws<NotSupportedException>(() => new LambdaSchedule(t => t).ToJson());
        Assert.Throws<NotSupportedException>(() => new MultiplicativeSchedule(t => t).ToJson());
    }
}
