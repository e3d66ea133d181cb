using Residuum.Numerics;
using Residuum.Optimizers;
using Residuum.Tests.Oracles;
using Memory = Residuum.ErrorMemory.ErrorMemory;

namespace Residuum.Tests.Optimizers;

public sealed class MicroAdamTests
{
    public static TheoryData<int, int, int, double, int, int> Layouts() => new()
    {
        // d, block, bucket, density, window, error bits
        { 5000, 4096, 64, 0.01, 10, 4 },
        { 4096, 4096, 4096, 0.01, 3, 4 },
        { 1000, 48, 10, 0.1, 4, 4 },
        { 1000, 300, 64, 0.05, 4, 4 },
        { 777, 256, 6, 0.02, 5, 4 },
        { 777, 256, 64, 0.02, 5, 32 },
        { 777, 256, 64, 0.02, 5, 0 },
        { 130, 64, 2, 1.0, 3, 4 },
        { 1, 4096, 64, 0.01, 2, 4 },
        { 3, 4096, 64, 0.01, 2, 4 },
    };

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Agrees_with_the_plain_code(int length, int block, int bucket, double density, int window, int errorBits)
    {
        MicroAdamOptions options = new()
        {
            LearningRate = 0.01,
            WeightDecay = 0.1,
            TopKBlockSize = block,
            QuantBucketSize = bucket,
            Density = density,
            Window = window,
            ErrorBits = errorBits,
        };
        Parameter parameter = Gradients.Parameter(length, seed: 3);
        MicroAdamOracle oracle = new([.. parameter.Values.Span], options);
        MicroAdam optimizer = new([parameter], options);
        for (int step = 0; step < 2 * window; step++)
        {
            Gradients.Draw(parameter, step);
            oracle.Step([.. parameter.Gradient.Span]);
            optimizer.Step();
            for (int i = 0; i < length; i++)
            {
                Assert.Equal(oracle.Theta[i], parameter.Values.Span[i], 2e-4f);
            }
        }
    }

    /// <summary>Page, section 14 (7), and the frame: the same bits for 1 and 3 threads, for every memory and for units that straddle blocks.</summary>
    [Theory]
    [InlineData(4)]
    [InlineData(32)]
    [InlineData(0)]
    [InlineData(-1)]
    public void Threads_change_no_bit_whatever_the_error_memory(int errorBits)
    {
        // Blocks of 48 with buckets of 10: units of 240. -1 stands for a memory whose granule is a row of 7.
        MicroAdamOptions options = new() { LearningRate = 0.01, TopKBlockSize = 48, QuantBucketSize = 10, Density = 0.1, Window = 3, ErrorBits = Math.Max(errorBits, 0) };
        float[] Run(int threads)
        {
            Parameter[] parameters = [Gradients.Parameter(200_003, seed: 1), Gradients.Parameter(11, seed: 2), Gradients.Parameter(140_000, seed: 3)];
            StepSettings settings = new() { Threads = threads };
            GroupOptions<MicroAdamOptions>[] groups = [new(parameters, options)];
            MicroAdam optimizer = errorBits < 0
                ? new MicroAdam(groups, settings, (parameter, _, _) => new RowErrorMemory(parameter.Length, rowLength: 7))
                : new MicroAdam(groups, settings);
            for (int step = 0; step < 5; step++)
            {
                foreach (Parameter parameter in parameters)
                {
                    Gradients.Draw(parameter, step);
                }

                optimizer.Step();
            }

            return [.. parameters.SelectMany(parameter => parameter.Values.ToArray())];
        }

        float[] alone = Run(1);
        Assert.Equal(alone, Run(3));
        Assert.Contains(alone, value => value != 0);
    }

    /// <summary>A memory that stores rows exactly is the dense one, whatever its granule.</summary>
    [Fact]
    public void A_row_granular_memory_gives_the_bits_of_the_dense_one()
    {
        MicroAdamOptions options = new() { LearningRate = 0.01, TopKBlockSize = 48, Density = 0.1, Window = 3, ErrorBits = 32 };
        Parameter dense = Gradients.Parameter(1000, seed: 5);
        Parameter rows = Gradients.Parameter(1000, seed: 5);
        MicroAdam first = new([dense], options);
        MicroAdam second = new([new GroupOptions<MicroAdamOptions>([rows], options)], null, (parameter, _, _) => new RowErrorMemory(parameter.Length, 7));
        for (int step = 0; step < 8; step++)
        {
            Gradients.Draw(dense, step);
            Gradients.Draw(rows, step);
            first.Step();
            second.Step();
        }

        Assert.Equal(dense.Values.ToArray(), rows.Values.ToArray());
    }

    /// <summary>Page, section 14 (5).</summary>
    [Fact]
    public void Density_1_and_a_window_that_never_wraps_is_AdamW_on_rounded_gradients()
    {
        Parameter micro = Gradients.Parameter(500, seed: 7);
        Parameter dense = Gradients.Parameter(500, seed: 7);
        MicroAdam microAdam = new([micro], new MicroAdamOptions { LearningRate = 0.01, WeightDecay = 0.1, Density = 1, Window = 20 });
        AdamW adamW = new([dense], new AdamWOptions { LearningRate = 0.01, WeightDecay = 0.1 });
        for (int step = 0; step < 20; step++)
        {
            Gradients.Draw(micro, step);
            micro.Gradient.CopyTo(dense.Gradient);
            BFloat16.RoundAll(dense.Gradient.Span);
            microAdam.Step();
            adamW.Step();
        }

        for (int i = 0; i < 500; i++)
        {
            Assert.Equal(dense.Values.Span[i], micro.Values.Span[i], 1e-5f);
        }
    }

    /// <summary>Page, section 14 (6): with a tiny epsilon, gradients twice as large move the weights alike.</summary>
    [Fact]
    public void Scaling_gradients_by_a_power_of_two_changes_no_bit()
    {
        MicroAdamOptions options = new() { LearningRate = 0.01, Epsilon = 0, Window = 4, Density = 0.05, TopKBlockSize = 256 };
        float[] Run(float scale)
        {
            Parameter parameter = Gradients.Parameter(1500, seed: 9);
            MicroAdam optimizer = new([parameter], options);
            for (int step = 0; step < 9; step++)
            {
                Gradients.Draw(parameter, step);
                VectorKernels.Scale(parameter.Gradient.Span, scale);
                optimizer.Step();
            }

            return parameter.Values.ToArray();
        }

        Assert.Equal(Run(1), Run(1024));
    }

    /// <summary>Page, section 14 (4).</summary>
    [Fact]
    public void Permuting_whole_blocks_permutes_the_result()
    {
        MicroAdamOptions options = new() { LearningRate = 0.01, TopKBlockSize = 128, Density = 0.05, Window = 3 };
        Parameter straight = Gradients.Parameter(512, seed: 11);
        Parameter permuted = new("permuted", 512);
        MicroAdam first = new([straight], options);
        MicroAdam second = new([permuted], options);
        int[] order = [2, 0, 3, 1];
        void Permute(ReadOnlySpan<float> from, Span<float> to)
        {
            for (int block = 0; block < 4; block++)
            {
                from.Slice(order[block] * 128, 128).CopyTo(to[(block * 128)..]);
            }
        }

        Permute(straight.Values.Span, permuted.Values.Span);
        for (int step = 0; step < 7; step++)
        {
            Gradients.Draw(straight, step);
            Permute(straight.Gradient.Span, permuted.Gradient.Span);
            first.Step();
            second.Step();
        }

        float[] expected = new float[512];
        Permute(straight.Values.Span, expected);
        Assert.Equal(expected, permuted.Values.ToArray());
    }

    /// <summary>Page, section 11: on random gradients R stays below 1 and the error below R / (1 - R) of the largest gradient.</summary>
    [Fact]
    public void The_error_stays_bounded_by_the_realised_contraction()
    {
        Parameter parameter = Gradients.Parameter(65_536, seed: 13);
        MicroAdam optimizer = new([parameter], new MicroAdamOptions());
        double worst = 0;
        double largestGradient = 0;
        IReadOnlyDictionary<string, double> figures = new Dictionary<string, double>();
        for (int step = 0; step < 60; step++)
        {
            Gradients.Draw(parameter, step);
            StepDiagnosis diagnosis = optimizer.Diagnose()!;
            optimizer.Step();
            figures = diagnosis.Of(parameter);
            worst = Math.Max(worst, figures["contraction"]);
            largestGradient = Math.Max(largestGradient, Math.Sqrt(Reductions.SumOfSquares(parameter.Gradient.Span)));
            Assert.True(worst < 1, $"R is {worst} at step {step + 1}");
            Assert.True(figures["errorNorm"] <= worst / (1 - worst) * largestGradient);
        }

        // The table of section 11: N(0,1), fresh, buckets of 64, 1 %: q 0.970, w 0.079, R 0.974, |e| / |g| 4.2 at step 60.
        Assert.Equal(0.970, figures["compression"], 0.01);
        Assert.Equal(0.079, figures["quantization"], 0.01);
        Assert.Equal(0.974, figures["contraction"], 0.01);
        Assert.Equal(4.2, figures["errorToGradient"], 0.3);
    }

    [Fact]
    public void A_parameter_without_a_gradient_keeps_everything()
    {
        Parameter parameter = Gradients.Parameter(300, seed: 15);
        MicroAdam optimizer = new([parameter], new MicroAdamOptions { WeightDecay = 0.5, Window = 3 });
        Gradients.Draw(parameter, 0);
        optimizer.Step();
        float[] before = parameter.Values.ToArray();
        byte[] state = Gradients.StateOf(optimizer);
        parameter.HasGradient = false;
        optimizer.Step();
        Assert.Equal(before, parameter.Values.ToArray());
        Assert.Equal(state, Gradients.StateOf(optimizer));
    }

    [Theory]
    [InlineData("window", 0)]
    [InlineData("density", 0)]
    [InlineData("density", 1.5)]
    [InlineData("topKBlockSize", 40_000)]
    [InlineData("quantBucketSize", 7)]
    [InlineData("errorBits", 8)]
    [InlineData("alpha", 0.5)]
    [InlineData("beta1", 1)]
    [InlineData("learningRate", -1)]
    public void Options_out_of_range_are_refused_by_name(string name, double value)
    {
        string text = value.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
        ArgumentException refused = Assert.ThrowsAny<ArgumentException>(() =>
            OptimizerCatalog.Get("microadam").Create([new NamedGroup([new Parameter("w", 4)], [new(name, text)])]));
        Assert.Contains(name, refused.Message, StringComparison.Ordinal);
        Assert.Contains(text, refused.Message, StringComparison.Ordinal);
    }

    /// <summary>A throw-away memory: exact rows, so that the frame meets a granule that divides neither block nor bucket.</summary>
    private sealed class RowErrorMemory(int length, int rowLength) : Memory
    {
        private readonly float[] _error = new float[length];

        public override int Granule => rowLength;

        public override IEnumerable<Residuum.State.StateField> State(string owner) => [];

        public override void AddTo(ReadOnlySpan<float> gradient, Span<float> corrected, int start)
        {
            Assert.Equal(0, start % rowLength);
            Assert.True(gradient.Length % rowLength == 0 || start + gradient.Length == _error.Length);
            VectorKernels.MultiplyAdd(gradient, 1, _error.AsSpan(start, gradient.Length), corrected);
        }

        public override void Update(ReadOnlySpan<float> rest, int start) => rest.CopyTo(_error.AsSpan(start));

        public override void Read(Span<float> error, int start) => _error.AsSpan(start, error.Length).CopyTo(error);

        public override void Scale(float factor, int start, int length) => VectorKernels.Scale(_error.AsSpan(start, length), factor);

        public override void Clear() => Array.Clear(_error);
    }
}
