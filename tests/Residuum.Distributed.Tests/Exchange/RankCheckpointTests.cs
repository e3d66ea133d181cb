using Residuum.Distributed.Collectives;
using Residuum.Distributed.Exchange;
using Residuum.Optimizers;
using Residuum.State;

namespace Residuum.Distributed.Tests.Exchange;

/// <summary>A checkpoint of N ranks is taken by M.</summary>
public sealed class RankCheckpointTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("residuum-ranks-").FullName;

    public static TheoryData<string, string, double> Exchanges() => new()
    {
        { "efsgd", "compressor=randomBlock", 1e-6 },
        { "efsgd", "compressor=powerSgd;rank=2", 1e-6 },
        { "efsgd", "compressor=randomBlock;order=localStep", 1e-6 },
        { "conef", "", 1e-5 },
        { "conef", "sketchStorage=float16", 5e-3 },
        { "iconef", "errorMemory=float16", 2e-3 },
        { "iconef", "errorMemory=int8", 2e-2 },
        { "iconef", "errorMemory=projectionSketch;beta=0.2", 1e-5 },
    };

    [Theory]
    [MemberData(nameof(Exchanges))]
    public void The_mean_error_is_conserved_from_1_to_2_to_4_to_3_ranks(string name, string options, double tolerance)
    {
        double[] mean = Continue(name, options, ranks: 1, from: null, steps: 5, to: "1");
        foreach ((int ranks, string from) in new[] { (2, "1"), (4, "2"), (3, "4") })
        {
            double[] taken = Continue(name, options, ranks, from, steps: 0, to: null);
            Assert.All(mean.Zip(taken), pair => Assert.Equal(pair.First, pair.Second, tolerance));
            mean = Continue(name, options, ranks, from, steps: 3, to: $"{ranks}");
        }
    }

    /// <summary>A memory of the largest entries holds k on each rank: what one cannot hold the next one takes.</summary>
    [Fact]
    public void The_largest_entries_are_spread_over_more_ranks()
    {
        const string Options = "errorMemory=topK;errorDensity=0.1";
        double[] mean = Continue("iconef", Options, ranks: 2, from: null, steps: 5, to: "2");
        double[] taken = Continue("iconef", Options, ranks: 4, from: "2", steps: 0, to: null);
        double lost = Math.Sqrt(mean.Zip(taken, (a, b) => (a - b) * (a - b)).Sum());
        Assert.InRange(lost, 0, 0.5 * Math.Sqrt(mean.Sum(x => x * x)));
    }

    [Theory]
    [MemberData(nameof(Exchanges))]
    public void On_as_many_ranks_a_run_continues_bit_for_bit(string name, string options, double tolerance)
    {
        Assert.True(tolerance > 0);
        float[] straight = Values(name, options, steps: 9, stop: null);
        Assert.Equal(straight, Values(name, options, steps: 9, stop: 4));
    }

    [Fact]
    public void Other_options_are_refused()
    {
        Continue("conef", "", ranks: 2, from: null, steps: 2, to: "a");
        CheckpointException refused = Assert.Throws<CheckpointException>(
            () => Continue("conef", "beta=0.95", ranks: 2, from: "a", steps: 1, to: null));
        Assert.Contains("beta=0.95", refused.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string PathOf(string name) => Path.Combine(_folder, $"{name}.safetensors");

    private static ExchangedSgd Make(string name, string options, ICollectives ranks)
    {
        Parameter[] parameters = [new("w", 12, 20), new("b", 12)];
        SgdOptions sgd = new() { LearningRate = 0.1, Momentum = 0.9 };
        return ExchangedSgd.Create([new GroupOptions<SgdOptions>(parameters, sgd)], Ranks.Options(name, options), ranks, new StepSettings { Threads = 1 });
    }

    private static void Step(ExchangedSgd method, int rank)
    {
        foreach (Parameter parameter in method.Optimizer.Groups[0].Parameters)
        {
            Ranks.Draw(parameter, rank, (int)method.Exchange.Step);
        }

        method.Step();
    }

    private void Save(ExchangedSgd method, ICollectives ranks, string to)
    {
        CheckpointContent content = new();
        content.Add(method.Optimizer);
        method.Exchange.AddTo(content);
        if (ranks.Rank == 0)
        {
            Checkpoint.Save(PathOf(to), content);
        }

        ranks.Barrier();
    }

    private void Load(ExchangedSgd method, string from)
    {
        CheckpointContent content = new();
        content.Add(method.Optimizer);
        method.Exchange.Resume(content, PathOf(from));
        Checkpoint.Load(PathOf(from), content);
    }

    /// <summary>The mean over ranks of what they remember of their own, after some steps.</summary>
    private double[] Continue(string name, string options, int ranks, string? from, int steps, string? to)
    {
        double[]? sum = null;
        InProcessGroup.Run(ranks, collectives =>
        {
            ExchangedSgd method = Make(name, options, collectives);
            if (from is not null)
            {
                Load(method, from);
            }

            for (int step = 0; step < steps; step++)
            {
                Step(method, collectives.Rank);
            }

            double[] mine = method.Exchange.Errors();
            lock (_folder)
            {
                sum = sum is null ? mine : [.. sum.Zip(mine, (a, b) => a + b)];
            }

            if (to is not null)
            {
                Save(method, collectives, to);
            }
        });
        return [.. sum!.Select(x => x / ranks)];
    }

    private float[] Values(string name, string options, int steps, int? stop)
    {
        float[] values = [];
        if (stop is int first)
        {
            Continue(name, options, ranks: 3, from: null, first, to: "stop");
        }

        InProcessGroup.Run(3, collectives =>
        {
            ExchangedSgd method = Make(name, options, collectives);
            if (stop is not null)
            {
                Load(method, "stop");
            }

            for (int step = stop ?? 0; step < steps; step++)
            {
                Step(method, collectives.Rank);
            }

            if (collectives.Rank == 0)
            {
                values = [.. method.Optimizer.Groups[0].Parameters.SelectMany(parameter => parameter.Values.ToArray())];
            }
        });
        return values;
    }
}
