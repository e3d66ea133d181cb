using Residuum.Distributed.Collectives;
using Residuum.Distributed.Exchange;
using Residuum.Distributed.Sharding;
using Residuum.Distributed.Tests.Exchange;
using Residuum.Optimizers;
using Residuum.State;

namespace Residuum.Distributed.Tests.Sharding;

/// <summary>Stages 2 and 3 with compressed exchanges: gradients are compressed bucket by bucket while a backward pass makes them.</summary>
public sealed class CompressedShardsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("residuum-compressed-shards-").FullName;

    public static TheoryData<string, string> Exchanges() => new()
    {
        { "efsgd", "ratio=0.1" },
        { "efsgd", "ratio=0.05;compressor=topK;startCompressionStep=1" },
        { "efsgd", "compressor=randomK;errorFeedback=false;scaled=true" },
        { "efsgd", "compressor=powerSgd;rank=2;minCompressionRate=1" },
        { "efsgd", "compressor=scaledSign" },
        { "efsgd", "compressor=qsgd;errorFeedback=false" },
        { "conef", "ratio=0.2;sketchSize=0.5" },
        { "conef", "compressor=topK;sketchSize=0.4;sketchStorage=float16" },
        { "iconef", "errorMemory=int8;beta=0.5" },
        { "iconef", "errorMemory=topK;errorDensity=0.1;compressor=powerSgd;warmStart=false" },
        { "iconef", "errorMemory=projectionSketch" },
    };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>The same bits, errors and messages as where each rank has its whole gradient; one parameter has none at times.</summary>
    [Theory]
    [MemberData(nameof(Exchanges))]
    public void Steps_are_those_of_whole_gradients_bit_for_bit(string exchange, string options)
    {
        foreach (int ranks in new[] { 2, 3 })
        {
            Outcome[] whole = Train(ranks, ShardStage.State, exchange, options, from: null, to: null, first: 0, end: 4);
            foreach (ShardStage stage in new[] { ShardStage.Gradients, ShardStage.Parameters })
            {
                Outcome[] divided = Train(ranks, stage, exchange, options, from: null, to: null, first: 0, end: 4);
                for (int rank = 0; rank < ranks; rank++)
                {
                    Assert.Equal(whole[rank].Values, divided[rank].Values);
                    Assert.Equal(whole[rank].Errors, divided[rank].Errors);
                    Assert.Equal(whole[rank].Norms, divided[rank].Norms);
                    Assert.Equal(whole[rank].SentBytes, divided[rank].SentBytes);
                    Assert.Equal(whole[rank].DenseBytes, divided[rank].DenseBytes);
                }
            }
        }
    }

    /// <summary>Working memory beforehand is working memory measured: messages of the largest bucket, not of the model.</summary>
    [Theory]
    [MemberData(nameof(Exchanges))]
    public void Scratch_is_what_was_planned(string name, string options)
    {
        foreach (ShardStage stage in Enum.GetValues<ShardStage>())
        {
            InProcessGroup.Run(3, collectives =>
            {
                Parameter[] parameters = Parameters();
                ShardedExchange exchange = new(Create(parameters, collectives, new StepSettings { Threads = 1 }, stage), Ranks.Options(name, options));
                ShapedParameter[] shapes = [.. Parameters().Select(parameter => new ShapedParameter(parameter.Name, parameter.Shape.ToArray()))];
                ExchangePlan plan = ExchangePlan.Of(Ranks.Options(name, options), shapes, ranks: 3, stage >= ShardStage.Gradients);
                Assert.Equal(plan.ScratchBytes, exchange.ScratchBytes);
                Assert.Equal(plan.ErrorBytes, exchange.StateBytes - plan.SharedFields.Sum(field => field.Spec.Bytes));
            });
        }
    }

    /// <summary>A checkpoint of divided, compressed gradients goes on with whole ones, and the other way round.</summary>
    [Theory]
    [InlineData("efsgd", "ratio=0.05;compressor=topK")]
    [InlineData("conef", "ratio=0.2;sketchSize=0.5")]
    [InlineData("efsgd", "compressor=powerSgd;rank=2;minCompressionRate=1")]
    public void A_checkpoint_goes_on_with_any_division(string exchange, string options)
    {
        Outcome[] straight = Train(2, ShardStage.State, exchange, options, from: null, to: null, first: 0, end: 5);
        Train(2, ShardStage.Gradients, exchange, options, from: null, to: "a", first: 0, end: 2);
        Train(2, ShardStage.State, exchange, options, from: "a", to: "b", first: 2, end: 3);
        Train(2, ShardStage.Parameters, exchange, options, from: "b", to: "c", first: 3, end: 4);
        Outcome[] resumed = Train(2, ShardStage.Gradients, exchange, options, from: "c", to: null, first: 4, end: 5);
        for (int rank = 0; rank < 2; rank++)
        {
            Assert.Equal(straight[rank].Values, resumed[rank].Values);
            Assert.Equal(straight[rank].Errors, resumed[rank].Errors);
        }
    }

    /// <summary>
    /// All ranks tell of the same entry, which is that of one of them; errors were updated before, so nobody may go on as if nothing had
    /// happened.
    /// </summary>
    [Fact]
    public void What_is_not_finite_ends_the_exchange()
    {
        InProcessGroup.Run(3, collectives =>
        {
            Parameter[] parameters = Parameters();
            ShardedExchange exchange = new(
                Create(parameters, collectives, new StepSettings { Threads = 1 }, ShardStage.Gradients), new EfSgdOptions());
            IGradientHolder gradients = exchange.Gradients!;
            foreach (Parameter parameter in parameters.Reverse())
            {
                gradients.Lend(parameter);
                Ranks.Draw(parameter, collectives.Rank, step: 0);
                if (collectives.Rank == 1 && parameter.Name == "embedding")
                {
                    parameter.Gradient.Span[17] = float.NaN;
                }

                gradients.Take(parameter);
            }

            gradients.EndPass();
            NonFiniteGradientException error = Assert.Throws<NonFiniteGradientException>(() => exchange.BeforeStep());
            Assert.Equal("embedding", error.Parameter);
            Assert.Equal(17, error.Index);
            InvalidOperationException broken = Assert.Throws<InvalidOperationException>(() => gradients.Lend(parameters[0]));
            Assert.Contains("go on from a checkpoint", broken.Message, StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData(NonFinitePolicy.Skip)]
    [InlineData(NonFinitePolicy.SkipAtMost)]
    public void Steps_that_could_be_skipped_are_refused(NonFinitePolicy policy)
    {
        using ICollectives alone = InProcessGroup.Alone();
        StepSettings settings = new() { Threads = 1, NonFinite = policy };
        ShardedOptimizer optimizer = Create(Parameters(), alone, settings, ShardStage.Gradients);
        ArgumentException error = Assert.Throws<ArgumentException>(() => new ShardedExchange(optimizer, new EfSgdOptions()));
        Assert.Contains("a step cannot be skipped", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_passes_a_step_are_refused()
    {
        using ICollectives alone = InProcessGroup.Alone();
        ShardedExchange exchange = new(
            Create(Parameters(), alone, new StepSettings { Threads = 1 }, ShardStage.Gradients), new EfSgdOptions());
        exchange.Gradients!.EndPass();
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => exchange.Gradients!.EndPass());
        Assert.Contains("one pass a step", error.Message, StringComparison.Ordinal);
    }

    // Several buckets, one of several parameters, one parameter that travels alone while nothing is compressed.
    private static Parameter[] Parameters() =>
        [new("embedding", 40, 25), new("matrix", 600, 500), new("bias", 64), new("small", 10, 12), new("empty", 0), new("scalar")];

    private static ShardedOptimizer Create(Parameter[] parameters, ICollectives collectives, StepSettings settings, ShardStage stage) =>
        ShardedOptimizer.Create(OptimizerCatalog.Get("adamw"), [new NamedGroup(parameters, [])], collectives, settings, stage);

    private Outcome[] Train(
        int ranks, ShardStage stage, string name, string options, string? from, string? to, int first, int end)
    {
        Outcome[] outcomes = new Outcome[ranks];
        InProcessGroup.Run(ranks, collectives =>
        {
            Parameter[] parameters = Parameters();
            ShardedOptimizer optimizer = Create(parameters, collectives, new StepSettings { Threads = 1, ClipNorm = 5 }, stage);
            ShardedExchange exchange = new(optimizer, Ranks.Options(name, options));
            if (from is not null)
            {
                CheckpointContent content = new();
                content.Add(optimizer);
                exchange.Resume(content, PathOf(from));
                Checkpoint.Load(PathOf(from), content);
            }

            List<double> norms = [];
            for (int step = first; step < end; step++)
            {
                Differentiate(parameters, exchange, step);
                Assert.True(exchange.BeforeStep().Applied);
                norms.Add(optimizer.Step().GradientNorm);
                exchange.AfterStep();
            }

            CheckpointContent errors = new();
            errors.Add(optimizer);
            exchange.AddTo(errors);
            string path = PathOf(to ?? "end");
            if (collectives.Rank == 0)
            {
                Checkpoint.Save(path, errors);
            }

            collectives.Barrier();
            outcomes[collectives.Rank] = new Outcome(
                Ranks.ValuesOf(parameters, exchange), File.ReadAllBytes(path), norms, exchange.Account.MessageBytes, exchange.Account.DenseBytes);
            collectives.Barrier();
        });
        return outcomes;
    }

    // As a backward pass does it: the last parameter first. At every other step rank 1 has no gradient for the embedding, and at one step
    // nobody has.
    private static void Differentiate(Parameter[] parameters, ShardedExchange exchange, int step)
    {
        foreach (Parameter parameter in parameters.Reverse())
        {
            bool isMissing = parameter.Name == "embedding" && (step == 2 || (step % 2 == 1 && exchange.Rank == 1));
            parameter.HasGradient = false;
            if (!isMissing)
            {
                exchange.Gradients?.Lend(parameter);
                Ranks.Draw(parameter, exchange.Rank, step);
                parameter.HasGradient = true;
            }

            exchange.Gradients?.Take(parameter);
        }

        exchange.Gradients?.EndPass();
    }

    private string PathOf(string name) => Path.Combine(_folder, $"{name}.safetensors");

    /// <summary>What a run ended with; the errors are in the whole checkpoint.</summary>
    private sealed record Outcome(float[] Values, byte[] Errors, List<double> Norms, long SentBytes, long DenseBytes);
}
