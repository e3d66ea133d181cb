using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Residuum.Distributed.Collectives;
using Residuum.Distributed.Exchange;
using Residuum.Distributed.Sharding;
using Residuum.Numerics;
using Residuum.Optimizers;
using Residuum.State;

namespace Residuum.Distributed.Tests.Sharding;

/// <summary>Stage 3: what a rank does with values beside stepping its own.</summary>
public sealed class ParameterShardsTests
{
    private const int Length = 200_000;

    private static readonly EfSgdOptions s_whole = new() { Compressor = Compressor.None };

    [Fact]
    public void Values_are_those_that_all_ranks_started_from_while_they_are_lent()
    {
        foreach (int ranks in new[] { 1, 2, 3, 5 })
        {
            InProcessGroup.Run(ranks, collectives =>
            {
                Parameter[] parameters = Odd();
                float[][] expected = [.. parameters.Select(parameter => parameter.Values.ToArray())];
                IValueHolder values = Exchange(parameters, collectives).Values!;
                foreach (int i in new[] { 0, 1, 2, 3, 4, 4, 3, 2, 1, 0, 1, 4, 0 })
                {
                    Assert.True(parameters[i].Values.IsEmpty);
                    values.Lend(parameters[i]);
                    Assert.Equal(expected[i], parameters[i].Values.ToArray());
                    values.Release();
                    Assert.True(parameters[i].Values.IsEmpty);
                }
            });
        }
    }

    /// <summary>
    /// Of 16 parameters that are a bucket each, a rank of 4 has 4 and two that are lent. A pass forwards and backwards gathers each twice,
    /// but for the last two, which are still there.
    /// </summary>
    [Fact]
    public void Memory_is_that_of_the_share_and_two_buckets()
    {
        InProcessGroup.Run(4, collectives =>
        {
            Parameter[] parameters = Equal(16);
            ParameterShards values = (ParameterShards)Exchange(parameters, collectives).Values!;
            for (int pass = 1; pass <= 2; pass++)
            {
                foreach (Parameter parameter in parameters.Concat(parameters.Reverse()))
                {
                    values.Lend(parameter);
                    values.Lend(parameter);
                    values.Release();
                }

                // Of a second pass the first two are there, too.
                Assert.Equal(sizeof(float) * Length * (pass == 1 ? 30L : 30 + 28), values.GatheredBytes);
                Assert.Equal(sizeof(float) * Length * (4 + 2), values.Bytes);
            }

            // Out of turn: first and last, one after the other.
            values.Lend(parameters[15]);
            Assert.Equal(sizeof(float) * Length * (4 + 2), values.Bytes);
        });
    }

    /// <summary>An operation that reads what cannot be in the memory of two neighbouring buckets at a time gets more.</summary>
    [Fact]
    public void What_is_read_together_is_there_together()
    {
        InProcessGroup.Run(2, collectives =>
        {
            Parameter[] parameters = Equal(16);
            float[] first = parameters[0].Values.ToArray();
            float[] third = parameters[2].Values.ToArray();
            IValueHolder values = Exchange(parameters, collectives).Values!;
            long usual = values.Bytes;
            for (int pass = 0; pass < 3; pass++)
            {
                values.Lend(parameters[0]);
                values.Lend(parameters[2]);
                Assert.Equal(first, parameters[0].Values.ToArray());
                Assert.Equal(third, parameters[2].Values.ToArray());
                values.Release();
                Assert.Equal(usual + (sizeof(float) * Length), values.Bytes);
            }
        });
    }

    /// <summary>What the parameters had of their own, values and gradients, nothing holds any longer.</summary>
    [Fact]
    public void Whole_parameters_are_let_go()
    {
        using ICollectives alone = InProcessGroup.Alone();
        Parameter[] parameters = Equal(16);
        (ShardedOptimizer optimizer, WeakReference[] own) = Divide(parameters, alone);
        GC.Collect();
        Assert.Equal(32, own.Length);
        Assert.All(own, array => Assert.False(array.IsAlive));
        GC.KeepAlive(optimizer);
        GC.KeepAlive(parameters);
    }

    [Fact]
    public void Ranks_must_start_from_the_same_weights()
    {
        RanksDisagreeException refusal = Assert.Throws<RanksDisagreeException>(() => InProcessGroup.Run(3, collectives =>
        {
            Parameter[] parameters = Odd();
            parameters[1].Values.Span[7] += collectives.Rank == 2 ? 1e-6f : 0;
            Exchange(parameters, collectives);
        }));
        Assert.Contains("'matrix' of rank 2 differs", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>What the ranks have together nobody can write alone.</summary>
    [Fact]
    public void A_checkpoint_needs_all_ranks() => InProcessGroup.Run(2, collectives =>
    {
        Parameter[] parameters = Odd();
        ShardedOptimizer optimizer = Create(parameters, collectives);
        CheckpointContent content = new();
        content.Add(optimizer);
        string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        Assert.Throws<InvalidOperationException>(() => Checkpoint.Save(file, content));
        Assert.False(File.Exists(file));
    });

    // Of its own, so that nothing on the stack refers to the arrays.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (ShardedOptimizer Optimizer, WeakReference[] Own) Divide(Parameter[] parameters, ICollectives collectives)
    {
        WeakReference[] own =
        [
            .. parameters.SelectMany(parameter => new[] { parameter.Values, parameter.Gradient }).Select(memory =>
            {
                Assert.True(MemoryMarshal.TryGetArray(memory, out ArraySegment<float> array));
                return new WeakReference(array.Array);
            }),
        ];
        return (Create(parameters, collectives), own);
    }

    private static Parameter[] Odd() =>
        Filled(new("embedding", 40, 25), new("matrix", 250, 300), new("bias", 64), new("empty", 0), new("scalar"));

    private static Parameter[] Equal(int count) =>
        Filled([.. Enumerable.Range(0, count).Select(i => new Parameter($"p{i}", Length / 100, 100))]);

    private static Parameter[] Filled(params Parameter[] parameters)
    {
        for (int i = 0; i < parameters.Length; i++)
        {
            CounterRandom random = new(seed: 1, stream: (ulong)i);
            for (int j = 0; j < parameters[i].Length; j++)
            {
                parameters[i].Values.Span[j] = (float)random.Normal((ulong)j);
            }
        }

        return parameters;
    }

    private static ShardedOptimizer Create(Parameter[] parameters, ICollectives collectives) => ShardedOptimizer.Create(
        OptimizerCatalog.Get("sgd"), [new NamedGroup(parameters, [])], collectives, new StepSettings { Threads = 1 }, ShardStage.Parameters);

    private static ShardedExchange Exchange(Parameter[] parameters, ICollectives collectives) =>
        new(Create(parameters, collectives), s_whole);
}
