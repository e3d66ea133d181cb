using Residuum.Distributed.Exchange;
using Residuum.Distributed.Collectives;
using Residuum.ErrorMemory;
using Residuum.Numerics;
using Residuum.Optimizers;

namespace Residuum.Distributed.Tests.Exchange;

/// <summary>The exact experiments of the methods page's targets, 3.1.</summary>
public sealed class AcceptanceTests
{
    private static readonly float[] ConstantGradient = DrawConstant();

    /// <summary>(1) Signs without feedback fail on f(x) = |x1 + x2| / 2 + |x1 - x2| from (1, 1); with feedback they do not.</summary>
    [Theory]
    [InlineData("scaledSign", false, 0.1, 0.99, 1.01)]
    [InlineData("scaledSign", false, 0.01, 0.99, 1.01)]
    [InlineData("scaledSign", false, 0.001, 0.99, 1.01)]
    [InlineData("scaledSign", true, 0.1, 0, 0.5)]
    [InlineData("scaledSign", true, 0.01, 0, 0.05)]
    [InlineData("scaledSign", true, 0.001, 0, 0.005)]
    [InlineData("none", false, 0.001, 0, 0.005)]
    public void Counterexample_for_signs(string compressor, bool feedback, double rate, double least, double most)
    {
        Parameter x = new("x", 1, 2);
        x.Values.Span.Fill(1);
        string options = $"compressor={compressor};order=localStep;errorFeedback={(feedback ? "true" : "false")}";
        ExchangedSgd sgd = ExchangedSgd.Create(
            [new GroupOptions<SgdOptions>([x], new SgdOptions { LearningRate = rate })], Ranks.Options("efsgd", options), InProcessGroup.Alone());
        for (int step = 0; step < 2000; step++)
        {
            float sum = x.Values.Span[0] + x.Values.Span[1] >= 0 ? 0.5f : -0.5f;
            float difference = x.Values.Span[0] - x.Values.Span[1] >= 0 ? 1 : -1;
            x.Gradient.Span[0] = sum + difference;
            x.Gradient.Span[1] = sum - difference;
            sgd.Step();
        }

        double f = (0.5 * Math.Abs(x.Values.Span[0] + x.Values.Span[1])) + Math.Abs(x.Values.Span[0] - x.Values.Span[1]);
        Assert.InRange(f, least, most);
    }

    /// <summary>(2) Nothing is lost: what was sent and what is still remembered are together the sum of all gradients.</summary>
    [Theory]
    [InlineData("compressor=randomBlock;ratio=0.1")]
    [InlineData("compressor=randomK;ratio=0.1")]
    [InlineData("compressor=topK;ratio=0.05")]
    [InlineData("compressor=scaledSign")]
    [InlineData("compressor=powerSgd;rank=2;minCompressionRate=1")]
    [InlineData("compressor=randomBlock;startCompressionStep=7")]
    public void Conservation(string options)
    {
        const int Workers = 3;
        double[] sum = new double[240];
        double[] kept = new double[240];
        float[] moved = [];
        Ranks.Run(
            Workers,
            "efsgd",
            options,
            steps: 40,
            () => [new Parameter("w", 12, 20)],
            (parameters, rank, step) =>
            {
                Ranks.Draw(parameters[0], rank, step);
                Add(sum, parameters[0].Gradient.Span, 1.0 / Workers);
            },
            (rank, step, parameters, exchange) =>
            {
                if (step == 39)
                {
                    Add(kept, Ranks.Field(exchange, "w.error"), 1.0 / Workers);
                    if (rank == 0)
                    {
                        moved = parameters[0].Values.ToArray();
                    }
                }
            });
        for (int i = 0; i < sum.Length; i++)
        {
            Assert.Equal(sum[i], -moved[i] + kept[i], 1e-4);
        }
    }

    /// <summary>(2) ConEF's sketch is the sketch of everything that was never sent.</summary>
    [Theory]
    [InlineData("sketchSize=0.25", 1)]
    [InlineData("sketchSize=0.25;sketchDepth=3", 3)]
    public void Sketch_identity(string options, int depth)
    {
        const int Rows = 6;
        const int Columns = 40;
        double[] unsent = new double[Rows * Columns];
        float[] moved = new float[Rows * Columns];
        float[] sketch = [];
        Ranks.Run(
            1,
            "conef",
            options,
            steps: 60,
            () => [new Parameter("w", Rows, Columns)],
            (parameters, rank, step) =>
            {
                Ranks.Draw(parameters[0], rank, step);
                Add(unsent, parameters[0].Gradient.Span, 1);
            },
            (_, _, parameters, exchange) =>
            {
                sketch = Ranks.Field(exchange, "w.error_sketch");
                moved = parameters[0].Values.ToArray();
            });
        Add(unsent, moved, 1);
        for (int function = 0; function < depth; function++)
        {
            SketchHash hash = new(Columns, 10, function);
            for (int row = 0; row < Rows; row++)
            {
                double[] expected = new double[10];
                for (int j = 0; j < Columns; j++)
                {
                    expected[hash.Codes[j] >> 1] += ((hash.Codes[j] & 1) != 0 ? -1 : 1) * unsent[(row * Columns) + j];
                }

                for (int h = 0; h < 10; h++)
                {
                    Assert.Equal(expected[h], sketch[(((function * Rows) + row) * 10) + h], 1e-3);
                }
            }
        }
    }

    /// <summary>(3) The border of ConEF's stability: on this side bounded, on the other refused.</summary>
    [Theory]
    [InlineData("sketchSize=0.5", false)]
    [InlineData("sketchSize=0.2", false)]
    [InlineData("sketchSize=0.1", false)]
    [InlineData("sketchSize=0.05;beta=0.95", false)]
    [InlineData("sketchSize=0.05", true)]
    [InlineData("sketchSize=0.02", true)]
    [InlineData("sketchSize=0.2;beta=0.5", true)]
    [InlineData("sketchSize=0.5;beta=0", true)]
    public void Stability_border(string options, bool isRefused)
    {
        double largest = 0;
        void Run() => Ranks.Run(
            1,
            "conef",
            options,
            steps: 600,
            () => [new Parameter("w", 20, 400)],
            (parameters, rank, step) => ConstantAndNoise(parameters[0], step),
            (_, _, parameters, exchange) => largest = Math.Max(largest, Reductions.Max(Ranks.Field(exchange, "w.error_sketch"))));
        if (isRefused)
        {
            ArgumentOutOfRangeException refused = Assert.Throws<ArgumentOutOfRangeException>(Run);
            Assert.Contains("beta", refused.Message, StringComparison.Ordinal);
            return;
        }

        Run();
        Assert.InRange(largest, 0, 1e4);
    }

    /// <summary>(4) With a constant gradient the mean message is r g + (1 - r) Pi g: the rest of the error never returns.</summary>
    [Theory]
    [InlineData(0.5, 0.483)]
    [InlineData(0.2, 0.286)]
    [InlineData(0.1, 0.190)]
    public void Fixed_subspace(double sketchSize, double gain)
    {
        const int Rows = 20;
        const int Columns = 400;
        const int Steps = 3000;
        Parameter g = new("w", Rows, Columns);
        Constant(g);
        double[] sent = new double[Rows * Columns];
        Ranks.Run(
            1,
            "conef",
            $"sketchSize={sketchSize.ToString(System.Globalization.CultureInfo.InvariantCulture)}",
            Steps,
            () => [new Parameter("w", Rows, Columns)],
            (parameters, rank, step) => ConstantAndNoise(parameters[0], step),
            (_, step, parameters, exchange) =>
            {
                // The exchanged gradient stands where the gradient was.
                if (step >= Steps / 3)
                {
                    Add(sent, parameters[0].Gradient.Span, 1.5 / Steps);
                }
            });
        SketchHash hash = new(Columns, SketchHash.BucketsOf(Columns, sketchSize));
        ProjectionSketchErrorMemory projection = new(Rows, Columns, hash);
        projection.Update(g.Gradient.Span, 0);
        float[] law = new float[Rows * Columns];
        projection.Read(law, 0);
        for (int i = 0; i < law.Length; i++)
        {
            law[i] = (0.1f * g.Gradient.Span[i]) + (0.9f * law[i]);
        }

        double along = Dot(sent, g.Gradient.Span) / Reductions.SumOfSquares(g.Gradient.Span);
        double cosine = Dot(sent, law) / Math.Sqrt(sent.Sum(x => x * x) * Reductions.SumOfSquares(law));
        Assert.InRange(along, gain - 0.02, gain + 0.02);
        Assert.InRange(cosine, 0.99, 1);
    }

    /// <summary>(6) One gradient of zeros does not stop PowerSGD for ever.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1e-8)]
    public void PowerSgd_goes_on_after_zeros(double epsilon)
    {
        Ranks.Run(
            2,
            "efsgd",
            $"compressor=powerSgd;rank=2;orthogonalizationEpsilon={epsilon.ToString(System.Globalization.CultureInfo.InvariantCulture)}",
            steps: 6,
            () => [new Parameter("w", 20, 30)],
            (parameters, rank, step) =>
            {
                Ranks.Draw(parameters[0], rank, step);
                if (step is 0 or 3)
                {
                    parameters[0].Gradient.Span.Clear();
                }
            },
            (_, step, parameters, _) =>
            {
                double sent = Reductions.SumOfSquares(parameters[0].Gradient.Span);
                Assert.True(double.IsFinite(sent));
                Assert.True(step is 0 or 3 || sent > 1, $"step {step} sent {sent}");
            });
    }

    private static void Constant(Parameter parameter) => ConstantGradient.AsSpan(0, parameter.Length).CopyTo(parameter.Gradient.Span);

    private static float[] DrawConstant()
    {
        CounterRandom random = new(7, stream: 0);
        return [.. Enumerable.Range(0, 8000).Select(i => (float)random.Normal((ulong)i))];
    }

    // A constant gradient and noise, both of variance 1.
    private static void ConstantAndNoise(Parameter parameter, int step)
    {
        Constant(parameter);
        CounterRandom noise = new(8, stream: (ulong)step);
        for (int i = 0; i < parameter.Length; i++)
        {
            parameter.Gradient.Span[i] += (float)(Math.Sqrt(3) * ((2 * noise.Uniform((ulong)i)) - 1));
        }
    }

    private static void Add(double[] sum, ReadOnlySpan<float> values, double factor)
    {
        lock (sum)
        {
            for (int i = 0; i < sum.Length; i++)
            {
                sum[i] += factor * values[i];
            }
        }
    }

    private static double Dot(double[] a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }
}
