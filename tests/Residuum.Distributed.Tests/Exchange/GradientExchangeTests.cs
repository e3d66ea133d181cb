using Residuum.Compression;
using Residuum.Distributed.Collectives;
using Residuum.Distributed.Exchange;
using Residuum.Numerics;
using Residuum.Optimizers;

namespace Residuum.Distributed.Tests.Exchange;

public sealed class GradientExchangeTests
{
    public static TheoryData<string, string> Exchanges() => new()
    {
        { "efsgd", "compressor=none" },
        { "efsgd", "compressor=randomBlock" },
        { "efsgd", "compressor=randomK" },
        { "efsgd", "compressor=powerSgd" },
        { "efsgd", "compressor=topK" },
        { "efsgd", "compressor=scaledSign" },
        { "efsgd", "compressor=randomBlock;order=localStep" },
        { "efsgd", "compressor=randomBlock;scaled=true;errorFeedback=false" },
        { "efsgd", "compressor=qsgd;errorFeedback=false" },
        { "efsgd", "compressor=topK;startCompressionStep=3" },
        { "conef", "" },
        { "conef", "sketchStorage=float16" },
        { "conef", "sketchDepth=3;beta=0.95" },
        { "conef", "compressor=powerSgd" },
        { "iconef", "" },
        { "iconef", "errorMemory=float32;beta=0.3" },
        { "iconef", "errorMemory=int8;errorBlock=17" },
        { "iconef", "errorMemory=projectionSketch;beta=0.2" },
        { "iconef", "errorMemory=topK;errorDensity=0.1;beta=0.5" },
    };

    /// <summary>(7) After every step all ranks hold the same bits.</summary>
    [Theory]
    [MemberData(nameof(Exchanges))]
    public void All_ranks_stay_equal(string name, string options)
    {
        const int Steps = 8;
        float[][][] values = [new float[Steps][], new float[Steps][], new float[Steps][]];
        Ranks.Run(3, name, options, Steps, Parameters, DrawAll, (rank, step, parameters, _) =>
            values[rank][step] = [.. parameters.SelectMany(parameter => parameter.Values.ToArray())]);
        Assert.Equal(values[0], values[1]);
        Assert.Equal(values[0], values[2]);
        Assert.All(values[0][^1], value => Assert.True(float.IsFinite(value)));
    }

    [Theory]
    [MemberData(nameof(Exchanges))]
    public void Bytes_are_those_predicted_and_a_step_allocates_nothing(string name, string options)
    {
        const int Steps = 8;
        Ranks.Run(1, name, options, Steps, Parameters, DrawAll, (_, _, _, _) => { });
        ExchangeOptions read = Ranks.Options(name, options);
        Parameter[] parameters = Parameters();
        ExchangePlan plan = ExchangePlan.Of(read, [.. parameters.Select(parameter => new ShapedParameter(parameter.Name, parameter.Shape.ToArray()))]);
        GradientExchange exchange = ExchangedSgd.Create(
            [new GroupOptions<SgdOptions>(parameters, new SgdOptions())], read, InProcessGroup.Alone(), new StepSettings { Threads = 1 }).Exchange;
        List<long> allocated = [];
        for (int step = 0; step < Steps; step++)
        {
            DrawAll(parameters, 0, step);
            long before = GC.GetAllocatedBytesForCurrentThread();
            long sent = exchange.Account.MessageBytes;
            exchange.BeforeStep();
            allocated.Add(GC.GetAllocatedBytesForCurrentThread() - before);
            Assert.Equal(step < read.StartCompressionStep ? plan.DenseBytes : plan.MessageBytes, exchange.Account.MessageBytes - sent);
        }

        // A step that allocates would show in every step; the runtime itself may, once, when it compiles a method again or collects.
        Assert.Contains(0, allocated.Skip(1 + read.StartCompressionStep));

        Assert.Equal(Steps * plan.DenseBytes, exchange.Account.DenseBytes);
        Assert.Equal(plan.ErrorBytes, exchange.ErrorBytes);
        Assert.Equal(plan.ScratchBytes, exchange.ScratchBytes);
    }

    /// <summary>(5) EF-SGD's errors take 4 n bytes, ConEF's a fifth of it, in float16 a tenth; messages of a tenth.</summary>
    [Fact]
    public void Memory_and_messages_of_a_wide_layer()
    {
        ShapedParameter[] shapes = [new("w", [1000, 500]), new("b", [1000])];
        Assert.Equal(4 * 500_000, ExchangePlan.Of(new EfSgdOptions(), shapes).ErrorBytes);
        Assert.Equal(400_000, ExchangePlan.Of(new ConEfOptions(), shapes).ErrorBytes);
        Assert.Equal(200_000, ExchangePlan.Of(new ConEfOptions { SketchStorage = SketchStorage.Float16 }, shapes).ErrorBytes);
        Assert.Equal(4 * (50_000 + 1000), ExchangePlan.Of(new ConEfOptions(), shapes).MessageBytes);
        Assert.Equal(4 * 501_000, ExchangePlan.Of(new ConEfOptions(), shapes).DenseBytes);
    }

    [Fact]
    public void Gathered_messages_that_no_array_could_hold_are_refused_before_anything_is_made()
    {
        ShapedParameter[] shapes = [new ShapedParameter("w", [40_000, 40_000])];
        EfSgdOptions topK = new() { Compressor = Compressor.TopK };
        Assert.Equal(8 * 160_000_000L, ExchangePlan.Of(topK, shapes).MessageBytes);
        ArgumentException error = Assert.Throws<ArgumentException>(() => ExchangePlan.Of(topK, shapes, ranks: 2));
        Assert.Contains("gathered messages of 2 ranks would take 2560000000 bytes", error.Message, StringComparison.Ordinal);
        Assert.Equal(4 * 160_000_000L, ExchangePlan.Of(new EfSgdOptions(), shapes, ranks: 2).MessageBytes);
    }

    [Fact]
    public void Without_compression_the_gradient_is_the_mean() => Ranks.Run(
        4,
        "efsgd",
        "compressor=none",
        steps: 1,
        () => [new Parameter("w", 3, 5), new Parameter("large", 600, 500)],
        (parameters, rank, _) => Array.ForEach(parameters, parameter => parameter.Gradient.Span.Fill(rank)),
        (_, _, parameters, _) => Assert.All(parameters, parameter => Assert.Equal(-1.5f, parameter.Values.Span[^1])));

    [Fact]
    public void A_gradient_that_only_some_ranks_have_counts_as_zero_on_the_others() => Ranks.Run(
        2,
        "efsgd",
        "",
        steps: 3,
        () => [new Parameter("some"), new Parameter("none", 4, 4)],
        (parameters, rank, _) =>
        {
            parameters[0].Gradient.Span[0] = 8;
            parameters[0].HasGradient = rank == 1;
            parameters[1].HasGradient = false;
        },
        (_, step, parameters, _) =>
        {
            Assert.Equal(-4f * (step + 1), parameters[0].Values.Span[0]);
            Assert.All(parameters[1].Values.ToArray(), value => Assert.Equal(0, value));
        });

    [Fact]
    public void A_NaN_on_one_rank_is_refused_on_all_before_anything_changes()
    {
        string?[] seen = new string?[3];
        NonFiniteGradientException refused = Assert.Throws<NonFiniteGradientException>(() => Ranks.Run(
            3,
            "efsgd",
            "",
            steps: 2,
            Parameters,
            (parameters, rank, step) =>
            {
                DrawAll(parameters, rank, step);
                if (rank == 1 && step == 1)
                {
                    parameters[0].Gradient.Span[11] = float.NaN;
                }
            },
            (rank, step, _, _) => seen[rank] = $"step {step}"));
        Assert.Equal(("w", 11L), (refused.Parameter, refused.Index));
        Assert.All(seen, text => Assert.Equal("step 0", text));
    }

    [Fact]
    public void Parameters_that_differ_between_ranks_are_found()
    {
        RanksDisagreeException found = Assert.Throws<RanksDisagreeException>(() => InProcessGroup.Run(2, collectives =>
        {
            Parameter w = new("w", 2, 2);
            w.Values.Span[3] = collectives.Rank;
            new GradientExchange([w], new EfSgdOptions(), collectives).BeforeStep();
        }));
        Assert.Contains("'w' of rank 1", found.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Clearing_forgets_the_error()
    {
        foreach ((string name, string options) in new[] { ("efsgd", ""), ("conef", ""), ("iconef", "errorMemory=int8"), ("iconef", "errorMemory=topK;errorDensity=0.3;beta=0.1") })
        {
            Ranks.Run(1, name, options, 2, Parameters, DrawAll, (_, _, _, exchange) =>
            {
                Assert.Contains(exchange.RankFields, field => Bytes(field).Any(b => b != 0));
                exchange.ClearError();
                Assert.All(exchange.RankFields, field => Assert.All(Bytes(field), b => Assert.Equal(0, b)));
            });
        }
    }

    [Theory]
    [InlineData("efsgd", "scaled=true", "errorFeedback=false")]
    [InlineData("efsgd", "compressor=qsgd", "errorFeedback=false")]
    [InlineData("conef", "compressor=qsgd", "errorFeedback=false")]
    [InlineData("efsgd", "ratio=0", "ratio")]
    [InlineData("efsgd", "ratio=1.5", "ratio")]
    [InlineData("efsgd", "rank=0", "rank")]
    [InlineData("conef", "beta=1", "beta")]
    [InlineData("conef", "sketchDepth=2", "sketchDepth")]
    [InlineData("iconef", "errorMemory=topK", "errorDensity")]
    [InlineData("iconef", "errorMemory=countSketch", "errorMemory")]
    [InlineData("iconef", "sketchStorage=float16", "sketchStorage")]
    public void Wrong_options_are_refused_by_name(string name, string options, string named) =>
        Assert.Contains(named, Assert.ThrowsAny<ArgumentException>(() => Ranks.Options(name, options)).Message, StringComparison.Ordinal);

    [Fact]
    public void Qsgd_is_unbiased()
    {
        float[] x = [.. Enumerable.Range(0, 300).Select(i => MathF.Sin(i))];
        double[] mean = new double[x.Length];
        Qsgd qsgd = new(x.Length, bucket: 128, levels: 4, seed: 1, parameter: 0);
        byte[] message = new byte[qsgd.MessageBytes];
        for (int step = 0; step < 4000; step++)
        {
            float[] decoded = new float[x.Length];
            qsgd.Begin(step);
            qsgd.Encode(x, message);
            qsgd.AddDecoded(message, decoded);
            for (int i = 0; i < mean.Length; i++)
            {
                mean[i] += decoded[i] / 4000.0;
            }
        }

        // A level is |b| / S = 2; the mean of 4,000 roundings is off by at most 1 / sqrt(4,000) in one standard deviation.
        Assert.All(mean.Zip(x), pair => Assert.Equal(pair.Second, pair.First, 0.08));
    }

    /// <summary>With all of every update sent they are SGD's steps, also at steps without momentum.</summary>
    [Fact]
    public void Local_steps_are_those_of_sgd()
    {
        using ICollectives alone = InProcessGroup.Alone();
        Parameter[] parameters = [new("local", 3, 4), new("plain", 3, 4)];
        SgdOptions options = new() { LearningRate = 0.1, Momentum = 0.9, WeightDecay = 0.01 };
        ExchangedSgd local = ExchangedSgd.Create(
            [new GroupOptions<SgdOptions>([parameters[0]], options)], Ranks.Options("efsgd", "compressor=topK;ratio=1;order=localStep"), alone);
        Sgd plain = new([parameters[1]], options);
        for (int step = 0; step < 5; step++)
        {
            Ranks.Draw(parameters[0], 0, step);
            Ranks.Draw(parameters[1], 0, step);
            double momentum = step is 0 or 2 ? 0 : 0.9;
            ((SgdGroup)local.Optimizer.Groups[0]).Momentum = momentum;
            ((SgdGroup)plain.Groups[0]).Momentum = momentum;
            local.Step();
            plain.Step();
            Assert.All(parameters[0].Values.ToArray().Zip(parameters[1].Values.ToArray()), pair => Assert.Equal(pair.Second, pair.First, 1e-6));
        }
    }

    /// <summary>Updates are made of clipped gradients, x = -mean_i eta clip(g_i), and not clipped themselves.</summary>
    [Fact]
    public void With_local_steps_each_rank_clips_its_own_gradient()
    {
        InProcessGroup.Run(2, collectives =>
        {
            Parameter parameter = new("w", 1, 2);
            ExchangedSgd sgd = ExchangedSgd.Create(
                [new GroupOptions<SgdOptions>([parameter], new SgdOptions { LearningRate = 8 })],
                Ranks.Options("efsgd", "compressor=topK;ratio=1;order=localStep"),
                collectives,
                new StepSettings { Threads = 1, ClipNorm = 1 });
            parameter.Gradient.Span[collectives.Rank] = collectives.Rank == 0 ? 4 : 0.5f;
            parameter.HasGradient = true;
            StepReport report = sgd.Step();
            Assert.Equal(collectives.Rank == 0 ? 4 : 0.5, report.GradientNorm);
            Assert.Equal([-4, -2], parameter.Values.ToArray());
        });
    }

    [Fact]
    public void Draws_are_those_of_the_page()
    {
        Assert.Equal(0x5692161D100B05E5UL, SharedDraws.Mix(1));
        Assert.Equal(0xDBD238973A2B148AUL, SharedDraws.Mix(2));
        Assert.Equal(0xC16129ECD0DC5B93UL, SharedDraws.Draw(42, 0, 0, 0));
        Assert.Equal(0x139B69C844109E44UL, SharedDraws.Draw(42, 7, 3, 5));
        Residuum.ErrorMemory.SketchHash hash = new(10, 13);
        Assert.Equal([3, 1, 3, 6, 6, 3, 5, 6, 7, 2], hash.Codes.ToArray().Select(code => code >> 1));
        Assert.Equal([0, 1, 0, 0, 1, 0, 1, 1, 1, 1], hash.Codes.ToArray().Select(code => 1 - (code & 1)));
    }

    private static Parameter[] Parameters() =>
        [new("w", 24, 30), new("bias", 24), new("conv", 6, 3, 3, 3), new("column", 12, 1), new("scale"), new("empty", 0, 3)];

    private static void DrawAll(Parameter[] parameters, int rank, int step)
    {
        foreach (Parameter parameter in parameters)
        {
            Ranks.Draw(parameter, rank, step);
        }
    }

    private static byte[] Bytes(Residuum.State.StateField field)
    {
        using MemoryStream stream = new();
        field.Write(stream);
        return stream.ToArray();
    }
}
