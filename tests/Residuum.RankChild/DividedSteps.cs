using Residuum.Distributed.Collectives;
using Residuum.Distributed.Exchange;
using Residuum.Distributed.Sharding;
using Residuum.Numerics;
using Residuum.Optimizers;

namespace Residuum.RankChild;

/// <summary>Steps of AdamW with clipping, by gradients and parameters that every rank has whole and by divided ones.</summary>
internal static class DividedSteps
{
    private const int Steps = 3;

    private static readonly EfSgdOptions s_whole = new() { Compressor = Compressor.None };

    /// <summary>Compares the weights after the steps.</summary>
    /// <param name="ranks">The ranks.</param>
    /// <param name="tolerance">How far weights may differ.</param>
    public static void Compare(ICollectives ranks, double tolerance)
    {
        float[] whole = Train(ranks, null);
        foreach (ShardStage stage in Enum.GetValues<ShardStage>())
        {
            float[] divided = Train(ranks, stage);
            double difference = whole.Zip(divided, (a, b) => Math.Abs((double)a - b)).Max();
            if (!(difference <= tolerance))
            {
                throw new InvalidOperationException($"Stage {stage} differs by {difference}.");
            }
        }
    }

    private static float[] Train(ICollectives ranks, ShardStage? stage)
    {
        Parameter[] parameters = [new("embedding", 300, 20), new("matrix", 400, 300), new("bias", 50)];
        NamedGroup[] groups = [new(parameters, [])];
        StepSettings settings = new() { Threads = 1, ClipNorm = 1 };
        OptimizerKind kind = OptimizerCatalog.Get("adamw");
        Optimizer optimizer = stage is { } divided
            ? ShardedOptimizer.Create(kind, groups, ranks, settings, divided)
            : kind.Create(groups, settings);
        IExchange exchange = optimizer is ShardedOptimizer sharded
            ? new ShardedExchange(sharded, s_whole)
            : new GradientExchange(parameters, s_whole, ranks, settings);
        for (int step = 0; step < Steps; step++)
        {
            foreach (Parameter parameter in parameters.Reverse())
            {
                exchange.Values?.Lend(parameter);
                exchange.Gradients?.Lend(parameter);
                CounterRandom random = new((ulong)(parameter.Length + (1000 * ranks.Rank)), stream: (ulong)step);
                for (int i = 0; i < parameter.Length; i++)
                {
                    parameter.Gradient.Span[i] = (float)random.Normal((ulong)i) + parameter.Values.Span[i];
                }

                exchange.Values?.Release();
                exchange.Gradients?.Take(parameter);
            }

            exchange.Gradients?.EndPass();
            exchange.BeforeStep();
            optimizer.Step();
            exchange.AfterStep();
        }

        List<float> values = [];
        foreach (Parameter parameter in parameters)
        {
            exchange.Values?.Lend(parameter);
            values.AddRange(parameter.Values.Span);
            exchange.Values?.Release();
        }

        return [.. values];
    }
}
