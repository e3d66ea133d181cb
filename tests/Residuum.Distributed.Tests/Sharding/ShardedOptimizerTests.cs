using Residuum.Distributed.Collectives;
using Residuum.Distributed.Exchange;
using Residuum.Distributed.Sharding;
using Residuum.Distributed.Tests.Exchange;
using Residuum.Optimizers;
using Residuum.State;

namespace Residuum.Distributed.Tests.Sharding;

public sealed class ShardedOptimizerTests : IDisposable
{
    private const int Steps = 7;

    private readonly string _folder = Directory.CreateTempSubdirectory("residuum-shards-").FullName;

    public static TheoryData<string, string> Methods() => new()
    {
        { "sgd", "momentum=0.9" },
        { "adamw", "weightDecay=0.1" },
        { "microadam", "topKBlockSize=48;quantBucketSize=10" },
        { "adafactor", "" },
        { "adam8bit", "" },
    };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>The divided optimizer takes the undivided one's steps after the same exchange, and each rank holds its part of the state.</summary>
    [Theory]
    [MemberData(nameof(Methods))]
    public void Steps_are_those_of_the_undivided_optimizer_bit_for_bit(string method, string options)
    {
        foreach (int ranks in new[] { 2, 4 })
        {
            (float[] whole, long[] _) = Train(method, options, ranks, isSharded: false, from: null, to: null, 0, Steps);
            (float[] divided, long[] bytes) = Train(method, options, ranks, isSharded: true, from: null, to: null, 0, Steps);
            Assert.Equal(whole, divided);
            long all = Bytes(method, options, Parameters());
            Assert.Equal(all, bytes.Sum());
            long largest = Bytes(method, options, [new Parameter("large", 600, 500)]);
            Assert.All(bytes, held => Assert.InRange(held, 0, (all / ranks) + largest));
        }
    }

    /// <summary>A checkpoint of divided state is that of undivided state: it goes on, on 2, 4, 3 ranks and then undivided.</summary>
    [Theory]
    [MemberData(nameof(Methods))]
    public void A_checkpoint_goes_on_with_any_division(string method, string options)
    {
        // Whole gradients, equal on all ranks: so runs on any number of ranks are comparable.
        (float[] straight, long[] _) = Train(method, options, 1, isSharded: false, from: null, to: null, 0, 9);
        Train(method, options, 2, isSharded: true, from: null, "a", 0, 2);
        Train(method, options, 4, isSharded: true, "a", "b", 2, 4);
        Train(method, options, 3, isSharded: true, "b", "c", 4, 6);
        (float[] resumed, long[] _) = Train(method, options, 1, isSharded: false, "c", to: null, 6, 9);
        Assert.Equal(straight, resumed);
    }

    [Fact]
    public void Parameters_are_balanced_by_cost()
    {
        Assert.Equal([0, 1, 1, 1, 0], ShardPlan.Owners([10, 6, 3, 2, 1], 2));
        Assert.Throws<ArgumentException>(() => ShardPlan.Owners([1], 2));
    }

    private static Parameter[] Parameters() =>
        [.. Enumerable.Range(0, 12).Select(i => new Parameter($"w{i}", 30 + i, 20)), new("b", 40), new("large", 600, 500)];

    private static NamedGroup[] Groups(Parameter[] parameters, string options) =>
        [new NamedGroup(parameters[..4], Ranks.Read(options)), new NamedGroup(parameters[4..], Ranks.Read(options))];

    private static long Bytes(string method, string options, Parameter[] parameters) =>
        OptimizerCatalog.Get(method).Create([new NamedGroup(parameters, Ranks.Read(options))]).StateBytes;

    private (float[] Values, long[] Bytes) Train(
        string method, string options, int ranks, bool isSharded, string? from, string? to, int first, int end)
    {
        float[] values = [];
        long[] bytes = new long[ranks];
        InProcessGroup.Run(ranks, collectives =>
        {
            Parameter[] parameters = Parameters();
            NamedGroup[] groups = Groups(parameters, options);
            StepSettings settings = new() { Threads = 1, ClipNorm = 5 };
            IExchange gradients = new GradientExchange(parameters, new EfSgdOptions { Compressor = Compressor.None }, collectives, settings);
            Optimizer optimizer = isSharded
                ? ShardedOptimizer.Create(OptimizerCatalog.Get(method), groups, collectives, settings)
                : OptimizerCatalog.Get(method).Create(groups, settings);
            IExchange exchange = optimizer is ShardedOptimizer sharded ? new ShardedExchange(gradients, sharded) : gradients;
            if (from is not null)
            {
                CheckpointContent content = new();
                content.Add(optimizer);
                exchange.Resume(content, PathOf(from));
                Checkpoint.Load(PathOf(from), content);
            }

            for (int step = first; step < end; step++)
            {
                foreach (Parameter parameter in parameters)
                {
                    Ranks.Draw(parameter, rank: 0, step);
                    RoundToFewBits(parameter.Gradient.Span);
                }

                optimizer.Groups[1].LearningRate = 0.01 / (step + 1);
                exchange.BeforeStep();
                optimizer.Step();
                exchange.AfterStep();
            }

            bytes[collectives.Rank] = optimizer.StateBytes;
            if (to is not null)
            {
                CheckpointContent content = new();
                content.Add(optimizer);
                exchange.AddTo(content);
                if (collectives.Rank == 0)
                {
                    Checkpoint.Save(PathOf(to), content);
                }
            }

            lock (_folder)
            {
                float[] mine = [.. parameters.SelectMany(parameter => parameter.Values.ToArray())];
                Assert.True(values.Length == 0 || values.SequenceEqual(mine), "ranks differ");
                values = mine;
            }
        });
        return (values, bytes);
    }

    // To multiples of 1/1024: then the mean of three equal gradients has the same bits.
    private static void RoundToFewBits(Span<float> gradient)
    {
        for (int i = 0; i < gradient.Length; i++)
        {
            gradient[i] = MathF.Round(1024 * gradient[i]) / 1024;
        }
    }

    private string PathOf(string name) => Path.Combine(_folder, $"{name}.safetensors");
}
