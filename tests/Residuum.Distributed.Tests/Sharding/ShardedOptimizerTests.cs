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

    private static readonly EfSgdOptions s_whole = new() { Compressor = Compressor.None };

    private readonly string _folder = Directory.CreateTempSubdirectory("residuum-shards-").FullName;

    /// <summary>A method, its options, and whether its parameters stay whole: else they are cut at blocks.</summary>
    public static TheoryData<string, string, bool> Methods() => new()
    {
        { "sgd", "momentum=0.9", false },
        { "adamw", "weightDecay=0.1", false },
        { "microadam", "topKBlockSize=48;quantBucketSize=10", false },
        { "microadam", "errorBits=32", false },
        { "adam8bit", "", false },
        { "adafactor", "", true },
        { "came", "", true },
        { "subset-norm", "", true },
        { "ldadam", "rank=4;minLowRankSize=100", true },
        { "ldadam", "rank=4;minLowRankSize=100;errorFeedback=false;projectionSide=left", true },
        { "galore", "rank=4;minLowRankSize=100;updateInterval=3", true },
        { "subspace-momentum", "rank=4;minLowRankSize=100", true },
        { "shampoo", "blockSize=16", true },
        { "s-shampoo", "blockSize=16;rank=4", true },
    };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>The divided optimizer takes the undivided one's steps, and each rank holds its part of the state.</summary>
    [Theory]
    [MemberData(nameof(Methods))]
    public void Steps_are_those_of_the_undivided_optimizer_bit_for_bit(string method, string options, bool staysWhole)
    {
        foreach (int ranks in new[] { 2, 3, 4 })
        {
            Setup setup = new(method, options, staysWhole, ranks) { AreGradientsAlike = false };
            (float[] whole, long[] _) = Train(setup with { Stage = null }, from: null, to: null, 0, Steps);
            foreach (ShardStage stage in Enum.GetValues<ShardStage>())
            {
                (float[] divided, long[] bytes) = Train(setup with { Stage = stage }, from: null, to: null, 0, Steps);
                Assert.Equal(whole, divided);
                Assert.Equal(Bytes(setup, setup.Parameters()), bytes.Sum());
                Assert.Equal(bytes, Planned(setup).Select(plan => plan.StateBytes));
            }
        }
    }

    /// <summary>Each rank has 1/N of the state, up to a piece of 4,096 entries or a whole parameter.</summary>
    [Theory]
    [MemberData(nameof(Methods))]
    public void A_rank_holds_its_share_of_the_state(string method, string options, bool staysWhole)
    {
        foreach (int ranks in new[] { 2, 3, 4 })
        {
            Setup setup = new(method, options, staysWhole, ranks);
            double share = (double)Bytes(setup, setup.Parameters()) / ranks;
            double unit = staysWhole
                ? setup.Parameters().Max(parameter => Bytes(setup, [parameter]))
                : Bytes(setup, [new Parameter("piece", 5000)]);
            Assert.All(Planned(setup), plan => Assert.InRange(plan.StateBytes, share - unit, share + unit));
        }
    }

    /// <summary>State beforehand is state measured; so are gradients, parameters and scratch.</summary>
    [Theory]
    [MemberData(nameof(Methods))]
    public void Memory_of_a_rank_is_what_was_planned(string method, string options, bool staysWhole)
    {
        foreach (ShardStage stage in Enum.GetValues<ShardStage>())
        {
            Setup setup = new(method, options, staysWhole, Ranks: 3) { Stage = stage };
            IReadOnlyList<MemoryPlan> planned = Planned(setup);
            InProcessGroup.Run(3, collectives =>
            {
                Parameter[] parameters = setup.Parameters();
                ShardedOptimizer optimizer = ShardedOptimizer.Create(
                    OptimizerCatalog.Get(method), setup.Groups(parameters), collectives, new StepSettings { Threads = 1 }, stage);
                ShardedExchange exchange = new(optimizer, s_whole);
                Differentiate(setup, parameters, exchange, step: 0);
                Assert.Equal(planned[collectives.Rank].StateBytes, optimizer.StateBytes);
                Assert.Equal(planned[collectives.Rank].ScratchBytes, optimizer.ScratchBytes);
                Assert.Equal(planned[collectives.Rank].GradientBytes, exchange.Gradients?.Bytes);
                Ranks.ValuesOf(parameters, exchange);
                Assert.Equal(planned[collectives.Rank].ParameterBytes, exchange.Values?.Bytes);
                ShapedParameter[] shapes = [.. parameters.Select(Shape)];
                ExchangePlan messages = ExchangePlan.Of(s_whole, shapes, ranks: 3, stage >= ShardStage.Gradients);
                Assert.Equal(messages.ScratchBytes, exchange.ScratchBytes);
            });
        }
    }

    /// <summary>
    /// A checkpoint of divided state, gradients and parameters is the undivided one: it goes on, on 2, 4, 3, 2, 3, 1 ranks and then
    /// undivided.
    /// </summary>
    [Theory]
    [MemberData(nameof(Methods))]
    public void A_checkpoint_goes_on_with_any_division(string method, string options, bool staysWhole)
    {
        // Whole gradients, equal on all ranks: so runs on any number of ranks are comparable.
        Setup setup = new(method, options, staysWhole, Ranks: 1);
        (float[] straight, long[] _) = Train(setup with { Stage = null }, from: null, to: null, 0, 9);
        Train(setup with { Ranks = 2 }, from: null, "a", 0, 2);
        Train(setup with { Ranks = 4, Stage = ShardStage.Gradients }, "a", "b", 2, 4);
        Train(setup with { Ranks = 3 }, "b", "c", 4, 5);
        Train(setup with { Ranks = 2, Stage = ShardStage.Parameters }, "c", "d", 5, 6);
        Train(setup with { Ranks = 3, Stage = ShardStage.Parameters }, "d", "e", 6, 7);
        Train(setup with { Ranks = 1, Stage = ShardStage.Parameters }, "e", "f", 7, 8);
        (float[] resumed, long[] _) = Train(setup with { Stage = null }, "f", to: null, 8, 9);
        Assert.Equal(straight, resumed);
    }

    /// <summary>Divided parameters are written as whole ones: the same file, byte for byte.</summary>
    [Theory]
    [InlineData("adamw", false)]
    [InlineData("ldadam", true)]
    public void A_checkpoint_of_divided_parameters_is_that_of_whole_ones(string method, bool staysWhole)
    {
        Setup setup = new(method, staysWhole ? "rank=4;minLowRankSize=100" : "", staysWhole, Ranks: 3);
        Train(setup with { Stage = null }, from: null, "whole", 0, 3);
        foreach (ShardStage stage in Enum.GetValues<ShardStage>())
        {
            Train(setup with { Stage = stage }, from: null, "divided", 0, 3);
            Assert.Equal(File.ReadAllBytes(PathOf("whole")), File.ReadAllBytes(PathOf("divided")));
        }
    }

    [Theory]
    [InlineData("mfac", "", "sees all parameters as one vector")]
    [InlineData("ldadam", "rank=4;minLowRankSize=100;errorBuffer=gradientBuffer", "in the gradients")]
    [InlineData("s-shampoo+adam8bit", "", "that of one method alone can")]
    public void What_cannot_be_divided_is_refused(string method, string options, string explanation)
    {
        Setup setup = new(method, options, StaysWhole: true, Ranks: 1);
        using ICollectives alone = InProcessGroup.Alone();
        ArgumentException refusal = Assert.Throws<ArgumentException>(
            () => ShardedOptimizer.Create(OptimizerCatalog.Get(method), setup.Groups(setup.Parameters()), alone));
        Assert.Contains(explanation, refusal.Message, StringComparison.Ordinal);
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
        double tolerance = 2 * Math.Max(unit, least);
        Assert.All(
            Enumerable.Range(0, ranks),
            rank => Assert.Equal(share, pieces.Where(piece => piece.Owner == rank).Sum(piece => piece.Length), tolerance));
    }

    private static ShapedParameter Shape(Parameter parameter) => new(parameter.Name, parameter.Shape.ToArray());

    private static IReadOnlyList<MemoryPlan> Planned(Setup setup)
    {
        IEnumerable<ShapedGroup> groups = setup.Groups(setup.Parameters())
            .Select(group => new ShapedGroup([.. group.Parameters.Select(Shape)], group.Options));
        return ShardedOptimizer.Plan(OptimizerCatalog.Get(setup.Method), [.. groups], setup.Ranks, threads: 1, setup.Stage!.Value);
    }

    private static long Bytes(Setup setup, Parameter[] parameters) =>
        OptimizerCatalog.Get(setup.Method).Create([new NamedGroup(parameters, Ranks.Read(setup.Options))]).StateBytes;

    private (float[] Values, long[] Bytes) Train(Setup setup, string? from, string? to, int first, int end)
    {
        float[] values = [];
        long[] bytes = new long[setup.Ranks];
        InProcessGroup.Run(setup.Ranks, collectives =>
        {
            Parameter[] parameters = setup.Parameters();
            NamedGroup[] groups = setup.Groups(parameters);
            StepSettings settings = new() { Threads = 1, ClipNorm = 5 };
            OptimizerKind kind = OptimizerCatalog.Get(setup.Method);
            Optimizer optimizer = setup.Stage is { } stage
                ? ShardedOptimizer.Create(kind, groups, collectives, settings, stage)
                : kind.Create(groups, settings);
            IExchange exchange = optimizer is ShardedOptimizer sharded
                ? new ShardedExchange(sharded, s_whole)
                : new GradientExchange(parameters, s_whole, collectives, settings);
            if (from is not null)
            {
                CheckpointContent content = new();
                content.Add(optimizer);
                exchange.Resume(content, PathOf(from));
                Checkpoint.Load(PathOf(from), content);
            }

            for (int step = first; step < end; step++)
            {
                Differentiate(setup, parameters, exchange, step);
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

            float[] mine = Ranks.ValuesOf(parameters, exchange);
            lock (_folder)
            {
                Assert.True(values.Length == 0 || values.SequenceEqual(mine), "ranks differ");
                values = mine;
            }
        });
        return (values, bytes);
    }

    // As a backward pass does it: the last parameter first.
    private static void Differentiate(Setup setup, Parameter[] parameters, IExchange exchange, int step)
    {
        foreach (Parameter parameter in parameters.Reverse())
        {
            exchange.Gradients?.Lend(parameter);
            Ranks.Draw(parameter, setup.AreGradientsAlike ? 0 : exchange.Rank, step);
            RoundToFewBits(parameter.Gradient.Span);
            exchange.Gradients?.Take(parameter);
        }

        exchange.Gradients?.EndPass();
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

    /// <summary>What is trained, by how many ranks and how.</summary>
    private sealed record Setup(string Method, string Options, bool StaysWhole, int Ranks)
    {
        public ShardStage? Stage { get; init; } = ShardStage.State;

        public bool AreGradientsAlike { get; init; } = true;

        // One large enough to be cut, unless it stays whole.
        public Parameter[] Parameters() =>
        [
            .. Enumerable.Range(0, 12).Select(i => new Parameter($"w{i}", 30 + i, 20)),
            new("b", 40),
            StaysWhole ? new("large", 60, 50) : new("large", 250, 300),
        ];

        public NamedGroup[] Groups(Parameter[] parameters)
        {
            KeyValuePair<string, string>[] options = Exchange.Ranks.Read(Options);
            return [new NamedGroup(parameters[..4], options), new NamedGroup(parameters[4..], options)];
        }
    }
}
