using Residuum.Distributed.Collectives;
using Residuum.Distributed.Exchange;
using Residuum.Distributed.Sharding;
using Residuum.Distributed.Tests.Exchange;
using Residuum.Optimizers;

namespace Residuum.Distributed.Tests.Sharding;

/// <summary>
/// Stage 2: what a rank does with gradients beside stepping by its own; compared with undivided gradients of the same ranks.
/// </summary>
public sealed class GradientShardsTests
{
    private static readonly EfSgdOptions s_whole = new() { Compressor = Compressor.None };

    // Of stage 3 gradients are those of stage 2.
    private static readonly ShardStage[] s_stages = [ShardStage.Gradients, ShardStage.Parameters];

    /// <summary>Clipping and the norm that it reports, with pieces of the sum that two ranks share.</summary>
    [Theory]
    [InlineData(null, null)]
    [InlineData(0.5, null)]
    [InlineData(null, 0.3)]
    [InlineData(2.0, 0.3)]
    public void Norms_and_clipping_are_those_of_whole_gradients(double? clipNorm, double? clipValue)
    {
        StepSettings settings = new() { Threads = 2, ClipNorm = clipNorm, ClipValue = clipValue };
        foreach (int ranks in new[] { 1, 2, 3, 5 })
        {
            Outcome whole = Run(ranks, null, settings, Fill);
            Assert.True(whole.Reports[0].GradientNorm > 1);
            foreach (ShardStage stage in s_stages)
            {
                Outcome divided = Run(ranks, stage, settings, Fill);
                Assert.Equal(whole.Values, divided.Values);
                Assert.Equal(whole.Reports, divided.Reports);
            }
        }
    }

    /// <summary>NaN of one rank, and a sum beyond float32 that only its owner sees: skipped by all, told alike.</summary>
    [Theory]
    [InlineData(0, 17, float.NaN, 1)]
    [InlineData(1, 74_000, float.PositiveInfinity, 0)]
    [InlineData(1, 10, float.MaxValue, 0)]
    [InlineData(1, 65_400, float.MaxValue, 0)]
    [InlineData(2, 3, float.MaxValue, 0)]
    public void What_is_not_finite_is_told_as_of_whole_gradients(int parameter, int index, float value, int rank)
    {
        // A finite value is too large only together with that of another rank.
        void Spoil(Parameter[] parameters, int i, int own, int step)
        {
            Fill(parameters, i, own, step);
            if (step == 1 && i == parameter && (own == rank || float.IsFinite(value)))
            {
                parameters[i].Gradient.Span[index] = value;
            }
        }

        StepSettings settings = new() { Threads = 1, ClipNorm = 3, NonFinite = NonFinitePolicy.Skip };
        Outcome whole = Run(3, null, settings, Spoil);
        Assert.Equal([true, false, true], whole.Reports.Select(report => report.Applied));
        Assert.Equal(index, whole.Reports[1].OffendingIndex);
        foreach (ShardStage stage in s_stages)
        {
            Outcome divided = Run(3, stage, settings, Spoil);
            Assert.Equal(whole.Values, divided.Values);
            Assert.Equal(whole.Reports, divided.Reports);
        }

        string[] messages = [.. new ShardStage?[] { null, ShardStage.Gradients }.Select(stage =>
            Assert.Throws<NonFiniteGradientException>(() => Run(3, stage, new StepSettings { Threads = 1, ClipNorm = 3 }, Spoil)).Message)];
        Assert.Equal(messages[0], messages[1]);
    }

    /// <summary>A gradient that some ranks do not have is zero there; one that no rank has is no step.</summary>
    [Fact]
    public void A_missing_gradient_is_zero_or_none()
    {
        static void Some(Parameter[] parameters, int i, int rank, int step)
        {
            if (i != 1 || (step != 1 && rank == 1))
            {
                Fill(parameters, i, rank, step);
            }
        }

        StepSettings settings = new() { Threads = 1 };
        Outcome whole = Run(3, null, settings, Some);
        foreach (ShardStage stage in s_stages)
        {
            Outcome divided = Run(3, stage, settings, Some);
            Assert.Equal(whole.Values, divided.Values);
            Assert.Equal(whole.Reports, divided.Reports);
        }
    }

    /// <summary>
    /// Passes add up, also where ranks do not have the same number of passes with rows. Multiples of 1/8: sums in any order are exact.
    /// </summary>
    [Fact]
    public void Passes_add_up()
    {
        const int ranks = 2;
        InProcessGroup.Run(ranks, collectives =>
        {
            Parameter[] parameters = Parameters();
            ShardedOptimizer optimizer = Create(parameters, collectives, new StepSettings { Threads = 1 });
            ShardedExchange exchange = new(optimizer, s_whole);
            float[][] expected = [.. parameters.Select(parameter => new float[parameter.Length])];
            for (int pass = 0; pass < 3; pass++)
            {
                for (int i = 0; i < parameters.Length; i++)
                {
                    for (int j = 0; j < expected[i].Length; j++)
                    {
                        IEnumerable<int> withRows = Enumerable.Range(0, ranks).Where(rank => HasRows(rank, pass));
                        expected[i][j] += withRows.Sum(rank => Eighths(j, rank, pass)) / ranks;
                    }

                    if (HasRows(collectives.Rank, pass))
                    {
                        exchange.Gradients!.Lend(parameters[i]);
                        for (int j = 0; j < parameters[i].Length; j++)
                        {
                            parameters[i].Gradient.Span[j] = Eighths(j, collectives.Rank, pass);
                        }
                    }
                }

                exchange.Gradients!.EndPass();
            }

            Assert.True(exchange.BeforeStep().Applied);
            optimizer.Groups[0].LearningRate = 1;
            optimizer.Step();
            exchange.AfterStep();
            for (int i = 0; i < parameters.Length; i++)
            {
                Assert.Equal(expected[i].Select(x => 0 - x), parameters[i].Values.ToArray());
            }
        });

        static bool HasRows(int rank, int pass) => rank == 0 || pass < 2;
        static float Eighths(int entry, int rank, int pass) => ((entry % 7) + rank + (2 * pass)) / 8f;
    }

    /// <summary>
    /// A rank has its share and two buckets on their way: of 16 parameters that are a bucket each, 4 and 2 on 4 ranks. A gradient that is
    /// needed before its turn takes memory of its own.
    /// </summary>
    [Fact]
    public void Memory_is_that_of_the_share_and_two_buckets()
    {
        const int length = 200_000;
        InProcessGroup.Run(4, collectives =>
        {
            Parameter[] parameters = [.. Enumerable.Range(0, 16).Select(i => new Parameter($"p{i}", length / 100, 100))];
            ShardedOptimizer optimizer = Create(parameters, collectives, new StepSettings { Threads = 1 });
            ShardedExchange exchange = new(optimizer, s_whole);
            IGradientHolder gradients = exchange.Gradients!;
            Assert.All(parameters, parameter => Assert.True(parameter.Gradient.IsEmpty));
            long usual = gradients.Bytes;
            Assert.Equal(sizeof(float) * length * (4 + 2), usual);
            for (int step = 0; step < 3; step++)
            {
                gradients.Lend(parameters[0]);
                foreach (Parameter parameter in parameters.Reverse())
                {
                    gradients.Lend(parameter);
                    parameter.Gradient.Span.Fill(1);
                    gradients.Take(parameter);
                    Assert.True(parameter.Gradient.IsEmpty);
                }

                gradients.EndPass();
                Assert.True(exchange.BeforeStep().Applied);
                Assert.Equal(usual + (sizeof(float) * length), gradients.Bytes);
            }
        });
    }

    [Fact]
    public void Misuse_is_refused()
    {
        using ICollectives alone = InProcessGroup.Alone();
        Parameter[] parameters = Parameters();
        ShardedOptimizer optimizer = Create(parameters, alone, new StepSettings { Threads = 1 });
        ShardedExchange exchange = new(optimizer, s_whole);
        Assert.Throws<InvalidOperationException>(() => exchange.BeforeStep());
        exchange.Gradients!.Take(parameters[0]);
        Assert.Throws<InvalidOperationException>(() => exchange.Gradients!.Lend(parameters[0]));
    }

    private static Parameter[] Parameters() =>
        [new("embedding", 40, 25), new("matrix", 250, 300), new("bias", 64), new("empty", 0), new("scalar")];

    private static ShardedOptimizer Create(Parameter[] parameters, ICollectives collectives, StepSettings settings) =>
        ShardedOptimizer.Create(OptimizerCatalog.Get("sgd"), [new NamedGroup(parameters, [])], collectives, settings, ShardStage.Gradients);

    private static void Fill(Parameter[] parameters, int index, int rank, int step) => Ranks.Draw(parameters[index], rank, step);

    /// <summary>Three steps of AdamW; <paramref name="fill"/> writes the gradient of a parameter on a rank, or nothing for none.</summary>
    private static Outcome Run(int ranks, ShardStage? stage, StepSettings settings, Action<Parameter[], int, int, int> fill)
    {
        Outcome[] outcomes = new Outcome[ranks];
        InProcessGroup.Run(ranks, collectives =>
        {
            Parameter[] parameters = Parameters();
            NamedGroup[] groups = [new(parameters, [])];
            OptimizerKind kind = OptimizerCatalog.Get("adamw");
            Optimizer optimizer = stage is { } divided
                ? ShardedOptimizer.Create(kind, groups, collectives, settings, divided)
                : kind.Create(groups, settings);
            IExchange exchange = optimizer is ShardedOptimizer sharded
                ? new ShardedExchange(sharded, s_whole)
                : new GradientExchange(parameters, s_whole, collectives, settings);
            List<StepReport> reports = [];
            for (int step = 0; step < 3; step++)
            {
                for (int i = parameters.Length - 1; i >= 0; i--)
                {
                    Differentiate(parameters, i, exchange, step, fill);
                }

                exchange.Gradients?.EndPass();
                StepReport report = exchange.BeforeStep();
                if (report.Applied)
                {
                    report = optimizer.Step();
                    exchange.AfterStep();
                }

                reports.Add(report);
            }

            outcomes[collectives.Rank] = new Outcome(Ranks.ValuesOf(parameters, exchange), [.. reports]);
        });
        Assert.All(outcomes, outcome => Assert.Equal(outcomes[0].Values, outcome.Values));
        Assert.All(outcomes, outcome => Assert.Equal(outcomes[0].Reports, outcome.Reports));
        return outcomes[0];
    }

    // A parameter has a gradient if fill writes something; it is asked on memory of its own first.
    private static void Differentiate(
        Parameter[] parameters, int index, IExchange exchange, int step, Action<Parameter[], int, int, int> fill)
    {
        Parameter[] trial = Parameters();
        trial[index].Gradient.Span.Fill(float.NegativeInfinity);
        fill(trial, index, exchange.Rank, step);
        bool isWritten = parameters[index].Length == 0 || trial[index].Gradient.Span.IndexOfAnyExcept(float.NegativeInfinity) >= 0;
        if (isWritten)
        {
            exchange.Gradients?.Lend(parameters[index]);
            trial[index].Gradient.CopyTo(parameters[index].Gradient);
        }

        parameters[index].HasGradient = isWritten;
        exchange.Gradients?.Take(parameters[index]);
    }

    private sealed record Outcome(float[] Values, StepReport[] Reports);
}
