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
        { "microadam", "errorBits=32" },
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
            long unit = method == "adafactor" ? Bytes(method, options, [new Parameter("large", 600, 500)]) : Bytes(method, options, [new Parameter("piece", 5000)]);
            Assert.All(bytes, held => Assert.InRange(held, (all / ranks) - (2 * unit), (all / ranks) + (2 * unit)));
            Assert.Equal(bytes, Planned(method, options, ranks).Select(plan => plan.StateBytes));
        }
    }

    /// <summary>State beforehand is state measured; so is scratch.</summary>
    [Theory]
    [MemberData(nameof(Methods))]
    public void Memory_of_a_rank_is_what_was_planned(string method, string options)
    {
        IReadOnlyList<MemoryPlan> planned = Planned(method, options, ranks: 3);
        InProcessGroup.Run(3, collectives =>
        {
            ShardedOptimizer optimizer = ShardedOptimizer.Create(
                OptimizerCatalog.Get(method), Groups(Parameters(), options), collectives, new StepSettings { Threads = 1 });
            Assert.Equal(planned[collectives.Rank].StateBytes, optimizer.StateBytes);
            Assert.Equal(planned[collectives.Rank].ScratchBytes, optimizer.ScratchBytes);
        });
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

    /// <summary>Every entry has one owner; cuts are at multiples of the unit, and no piece is small unless its parameter is.</summary>
    [Theory]
    [InlineData(2, 1, 1)]
    [InlineData(3, 64, 4096)]
    [InlineData(4, 4096, 4096)]
    [InlineData(7, 256, 4096)]
    public void Cuts_are_at_blocks(int ranks, int unit, int least)
    {
        int[] lengths = [200_704, 256, 32_768, 0, 128, 1280, 10, 100_000];
        ShardCut[] cuts = [.. lengths.Select(_ => new ShardCut(unit, least))];
        IReadOnlyList<ShardPiece> pieces = ShardPlan.Cut(lengths, [.. lengths.Select(length => 8L * length)], cuts, ranks);
        for (int p = 0; p < lengths.Length; p++)
        {
            ShardPiece[] own = [.. pieces.Where(piece => piece.Parameter == p)];
            Assert.Equal(lengths[p], own.Sum(piece => piece.Length));
            Assert.Equal(own.Length, own.Select(piece => piece.Owner).Distinct().Count());
            int start = 0;
            foreach (ShardPiece piece in own)
            {
                Assert.Equal(start, piece.Start);
                Assert.Equal(0, piece.Start % unit);
                Assert.True(piece.Length >= least || own.Length == 1);
                start += piece.Length;
            }
        }

        double share = (double)lengths.Sum() / ranks;
        Assert.All(
            Enumerable.Range(0, ranks),
            rank => Assert.InRange(pieces.Where(piece => piece.Owner == rank).Sum(piece => piece.Length), share - (2 * Math.Max(unit, least)), share + (2 * Math.Max(unit, least))));
    }

    private static Parameter[] Parameters() =>
        [.. Enumerable.Range(0, 12).Select(i => new Parameter($"w{i}", 30 + i, 20)), new("b", 40), new("large", 600, 500)];

    private static NamedGroup[] Groups(Parameter[] parameters, string options) =>
        [new NamedGroup(parameters[..4], Ranks.Read(options)), new NamedGroup(parameters[4..], Ranks.Read(options))];

    private static IReadOnlyList<MemoryPlan> Planned(string method, string options, int ranks)
    {
        ShapedGroup[] groups =
        [
            .. Groups(Parameters(), options).Select(group =>
                new ShapedGroup([.. group.Parameters.Select(parameter => new ShapedParameter(parameter.Name, parameter.Shape.ToArray()))], group.Options)),
        ];
        return ShardedOptimizer.Plan(OptimizerCatalog.Get(method), groups, ranks, threads: 1);
    }

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
