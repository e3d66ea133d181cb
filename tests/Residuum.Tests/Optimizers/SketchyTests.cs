using Residuum.Numerics;
using Residuum.Optimizers;

namespace Residuum.Tests.Optimizers;

/// <summary>What must be the same of Sketchy's methods, and what they hold.</summary>
public sealed class SketchyTests
{
    /// <summary>
    /// Before the sketch is full nothing has escaped, and with delta = 0 what lies outside is dropped: the pseudo-inverse of the full matrix.
    /// </summary>
    [Fact]
    public void Streams_without_delta_stay_finite_and_equal_the_pseudo_inverse()
    {
        const string online = "learningRate=0.5";
        for (int stream = 0; stream < 1000; stream++)
        {
            Parameter sketched = new("w", 9);
            Parameter full = new("w", 9);
            Optimizer a = Create("s-adagrad", $"{online};sketchSize=7", sketched);
            Optimizer b = Create("adagrad-full", online, full);
            Optimizer newton = Create("rfd-son", $"{online};sketchSize=7", new Parameter("w", 9));
            for (int step = 0; step < 6; step++)
            {
                float[] g = Draw(9, (ulong)stream, step);
                Step(a, g);
                Step(b, g);
                Step(newton, g);
            }

            AssertClose(full.Values.Span, sketched.Values.Span, 2e-3);
            Assert.All(newton.Groups[0].Parameters[0].Values.ToArray(), w => Assert.InRange(w, -1e3f, 1e3f));
        }
    }

    /// <summary>
    /// Before anything has escaped the step is (G + delta I)^-1 g with G the sum of g g^T / sqrt(t): 1 / delta multiplies no rounding.
    /// </summary>
    [Fact]
    public void A_small_delta_multiplies_no_rounding_of_the_sketch()
    {
        Parameter parameter = new("w", 9);
        Optimizer optimizer = Create("fd-son", "learningRate=1;delta=1e-5;sketchSize=7", parameter);
        double[] sum = new double[81];
        for (int step = 0; step < 6; step++)
        {
            float[] g = Draw(9, 5, step);
            parameter.Values.Span.Clear();
            Step(optimizer, g);

            double[] vectors = new double[81];
            for (int i = 0; i < 81; i++)
            {
                sum[i] += g[i / 9] * (double)g[i % 9] / Math.Sqrt(step + 1);
                vectors[i] = sum[i] + (i % 10 == 0 ? 1e-5 : 0);
            }

            double[] values = new double[9];
            SymmetricEigen.Decompose(vectors, values, new Scratch(1, SymmetricEigen.ScratchBytes(9)).Area(0));
            double[] expected = new double[9];
            for (int j = 0; j < 9; j++)
            {
                ReadOnlySpan<double> v = vectors.AsSpan(9 * j, 9);
                DoubleKernels.AddScaled(-DoubleProducts.Dot(g, v) / values[j], v, expected);
            }

            AssertClose([.. expected.Select(x => (float)x)], parameter.Values.Span, 1e-4);
        }
    }

    [Theory]
    [InlineData("s-adagrad", "delta=0.1;sketchSize=8", "delta=0.1")]
    [InlineData("s-adagrad", "delta=0.1;sketchSize=30", "delta=0.1")]
    [InlineData("ada-fd", "delta=0.1;sketchSize=8", "delta=0.1;deltaPlacement=outside")]
    public void A_sketch_larger_than_the_tensor_is_the_full_matrix(string method, string options, string fullOptions)
    {
        Parameter sketched = new("w", 7);
        Parameter full = new("w", 7);
        Optimizer a = Create(method, options, sketched);
        Optimizer b = Create("adagrad-full", fullOptions, full);
        for (int step = 0; step < 20; step++)
        {
            float[] g = Draw(7, 77, step);
            Step(a, g);
            Step(b, g);
            AssertClose(full.Values.Span, sketched.Values.Span, 1e-4);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("grafting=none;momentum=0")]
    [InlineData("blockSize=4;grafting=sgd")]
    public void A_rank_of_every_axis_is_Shampoo_with_a_relative_ridge(string options)
    {
        Parameter sketched = new("w", 6, 10);
        Parameter dense = new("w", 6, 10);
        Optimizer a = Create("s-shampoo", $"rank=10;mergeDims=1;epsilon=1e-4;{options}", sketched);
        Optimizer b = Create("shampoo", $"blockSize=0;mergeDims=1;statisticsWeight=one;rootMode=ridge;epsilon=1e-4;{options}", dense);
        for (int step = 0; step < 12; step++)
        {
            float[] g = Draw(60, 3, step);
            Step(a, g);
            Step(b, g);
            AssertClose(dense.Values.Span, sketched.Values.Span, 1e-3);
        }
    }

    [Fact]
    public void Shampoo_of_a_vector_is_full_matrix_AdaGrad()
    {
        Parameter shampoo = new("w", 8);
        Parameter full = new("w", 8);
        Optimizer a = Create("shampoo", "beta2=1;skipRank1=false;grafting=none;momentum=0;learningRate=0.1", shampoo);
        Optimizer b = Create("adagrad-full", "learningRate=0.1", full);
        for (int step = 0; step < 12; step++)
        {
            float[] g = Draw(8, 4, step);
            Step(a, g);
            Step(b, g);
            AssertClose(full.Values.Span, shampoo.Values.Span, 1e-4);
        }
    }

    /// <summary>A rotation of all gradients rotates the weights, for every method but diagonal AdaGrad.</summary>
    [Theory]
    [InlineData("ogd", true)]
    [InlineData("adagrad-full", true)]
    [InlineData("s-adagrad", true)]
    [InlineData("ada-fd", true)]
    [InlineData("fd-son", true)]
    [InlineData("rfd-son", true)]
    [InlineData("adagrad", false)]
    public void Rotations_commute_with_steps(string method, bool commute)
    {
        Parameter plain = new("w", 10);
        Parameter rotated = new("w", 10);
        Optimizer a = Create(method, "delta=0.2", plain);
        Optimizer b = Create(method, "delta=0.2", rotated);
        for (int step = 0; step < 15; step++)
        {
            float[] g = Draw(10, 5, step);
            Step(a, g);
            Step(b, Rotate(g));
        }

        double difference = plain.Values.ToArray().Zip(Rotate(rotated.Values.ToArray())).Max(pair => Math.Abs(pair.First - pair.Second));
        double largest = plain.Values.ToArray().Max(Math.Abs);
        Assert.Equal(commute, difference < 1e-3 * largest);
    }

    /// <summary>Eight bits change the steps a little, and with the error kept beside them less.</summary>
    [Fact]
    public void A_compressed_momentum_follows_the_dense_one()
    {
        Parameter dense = new("w", 20, 30);
        Parameter eight = new("w", 20, 30);
        Parameter corrected = new("w", 20, 30);
        const string options = "rank=8;mergeDims=1;grafting=adam;learningRate=0.01";
        Optimizer[] optimizers =
        [
            Create("s-shampoo", options, dense),
            Create("s-shampoo", $"{options};momentumBits=8", eight),
            Create("s-shampoo", $"{options};momentumBits=8;momentumErrorFeedback=true", corrected),
        ];
        for (int step = 0; step < 40; step++)
        {
            float[] g = Draw(600, 8, step);
            foreach (Optimizer optimizer in optimizers)
            {
                Step(optimizer, g);
            }
        }

        double length = Math.Sqrt(Reductions.SumOfSquares(dense.Values.Span));
        double without = Distance(dense, eight) / length;
        double with = Distance(dense, corrected) / length;
        Assert.InRange(without, 1e-5, 0.05);
        Assert.InRange(with, 0, 0.5 * without);

        static double Distance(Parameter a, Parameter b) =>
            Math.Sqrt(a.Values.ToArray().Zip(b.Values.ToArray()).Sum(pair => Math.Pow(pair.First - (double)pair.Second, 2)));
    }

    /// <summary>The numbers of section 8 of the methods' page.</summary>
    [Theory]
    [InlineData("s-adagrad", "sketchSize=10", 4 * ((9 * 6001) + 1))]
    [InlineData("adagrad", "", 4 * 6000)]
    [InlineData("adagrad-full", "", 4L * 6000 * 6000)]
    [InlineData("s-shampoo", "rank=16;grafting=sgd;momentum=0", 4 * ((60 * 16) + 34 + (100 * 16) + 34))]
    [InlineData("s-shampoo", "rank=80;grafting=rmsprop;momentum=0.9", 4 * ((60 * 60) + 122 + (100 * 80) + 162 + 12_000))]
    [InlineData("s-shampoo", "rank=16;blockSize=64;grafting=none;momentum=0", 4 * ((2 * ((60 * 16) + 34)) + (64 * 16) + 34 + (36 * 16) + 34))]
    [InlineData("shampoo", "grafting=none;momentum=0", 4 * 2 * ((60 * 60) + (100 * 100)))]
    [InlineData("shampoo", "grafting=sgd", 4 * ((2 * ((60 * 60) + (100 * 100))) + 6000))]
    public void State_has_the_bytes_that_the_page_says(string method, string options, long bytes)
    {
        MemoryPlan plan = OptimizerCatalog.Get(method).Plan([new ShapedGroup([new ShapedParameter("w", [60, 100])], Read(options))], threads: 2);
        Assert.Equal(bytes, plan.StateBytes);
    }

    [Theory]
    [InlineData("fd-son")]
    [InlineData("rfd-son")]
    public void A_rate_of_zero_is_refused_where_it_divides(string method)
    {
        Optimizer optimizer = Create(method, "", new Parameter("w", 3));
        optimizer.Groups[0].LearningRate = 0;
        Assert.Contains("learningRate", Assert.Throws<InvalidOperationException>(() => optimizer.Step()).Message, StringComparison.Ordinal);
        Assert.All(optimizer.Groups[0].Parameters[0].Values.ToArray(), w => Assert.Equal(0, w));
    }

    [Theory]
    [InlineData("ada-fd", "delta=0")]
    [InlineData("s-adagrad", "sketchSize=1")]
    [InlineData("s-adagrad", "delta=-1")]
    [InlineData("s-shampoo", "rank=0")]
    [InlineData("s-shampoo", "beta2=1.5")]
    [InlineData("shampoo", "rootsEvery=0")]
    public void Options_out_of_range_are_refused(string method, string options) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Create(method, options, new Parameter("w", 3, 4)));

    [Fact]
    public void A_tensor_too_long_for_a_full_matrix_is_refused() =>
        Assert.Contains("at most 16000", Assert.Throws<ArgumentException>(() => Create("adagrad-full", "", new Parameter("w", 16_001))).Message, StringComparison.Ordinal);

    private static Optimizer Create(string method, string options, Parameter parameter) =>
        OptimizerCatalog.Get(method).Create([new NamedGroup([parameter], Read(options))]);

    private static KeyValuePair<string, string>[] Read(string options) =>
        [.. options.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(option => new KeyValuePair<string, string>(option.Split('=')[0], option.Split('=')[1]))];

    private static void Step(Optimizer optimizer, float[] gradient)
    {
        gradient.CopyTo(optimizer.Groups[0].Parameters[0].Gradient);
        optimizer.Step();
    }

    private static float[] Draw(int length, ulong stream, int step)
    {
        CounterRandom random = new(9, stream);
        return [.. Enumerable.Range(0, length).Select(i => (float)random.Normal((ulong)((step * 1000) + i)))];
    }

    /// <summary>The reflection I - 2 n n^T along n = (1, 1, ..., 1) / sqrt(d): orthogonal, and its own inverse.</summary>
    private static float[] Rotate(float[] x)
    {
        float mean = x.Average();
        return [.. x.Select(value => value - (2 * mean))];
    }

    private static void AssertClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, double tolerance)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.InRange(actual[i], expected[i] - (tolerance * (1 + Math.Abs(expected[i]))), expected[i] + (tolerance * (1 + Math.Abs(expected[i]))));
        }
    }
}
