using System.Runtime.InteropServices;
using Residuum.Numerics;
using Residuum.Optimizers;
using Residuum.State;
using Residuum.Tests.Numerics;

namespace Residuum.Tests.Optimizers;

/// <summary>Laws of the methods with a window of gradients (methods page of EFCP, sections 3, 7 and 13).</summary>
public sealed class WindowOptimizerTests
{
    /// <summary>lambda u + (1/n) sum of c (c . u) = c, checked without the matrix, for what each window kept of the gradients.</summary>
    [Theory]
    [InlineData("mfac", "")]
    [InlineData("sparse-mfac", "density=0.1;topKBlockSize=16")]
    [InlineData("sparse-mfac", "density=0.1;topKBlockSize=0")]
    [InlineData("sparse-mfac", "density=0.1;topKBlockSize=65536;windowValues=bfloat16")]
    [InlineData("lowrank-mfac", "rank=2")]
    public void The_Fisher_matrix_times_the_update_is_the_kept_gradient(string method, string options)
    {
        const double Damping = 1e-3;
        const int Window = 4;
        Run run = new(method, $"{options};window={Window};damping=0.001");
        List<float[]> kept = [];
        for (int step = 0; step < 11; step++)
        {
            kept.Add(run.Step(step, out float[] u));
            float[] c = kept[^1];
            double[] product = [.. u.Select(x => Damping * x)];
            foreach (float[] row in kept.TakeLast(Window))
            {
                double projection = DoubleProducts.Dot(row, u) / Window;
                for (int i = 0; i < product.Length; i++)
                {
                    product[i] += projection * row[i];
                }
            }

            double largest = c.Max(Math.Abs);
            Assert.All(product.Zip(c), pair => Assert.Equal(pair.Second, pair.First, 2e-5 * largest));
        }
    }

    /// <summary>Against the d x d matrix and its eigenvectors.</summary>
    [Theory]
    [InlineData("ggt", "", 1)]
    [InlineData("ggt", "beta2=0.8", 0.8)]
    [InlineData("sparse-ggt", "density=0.2;topKBlockSize=16;beta2=0.8", 0.8)]
    [InlineData("lowrank-ggt", "rank=2", 1)]
    public void The_root_of_the_AdaGrad_matrix_plus_epsilon_times_the_update_is_the_kept_gradient(string method, string options, double beta2)
    {
        const int Window = 4;
        Run run = new(method, $"{options};window={Window};gramJitter=0;epsilon=0.01");
        List<float[]> kept = [];
        for (int step = 0; step < 9; step++)
        {
            kept.Add(run.Step(step, out float[] u));
            float[] c = kept[^1];
            double[] product = [.. u.Select(x => 0.01 * x)];
            (double[] vectors, double[] values) = Spectrum([.. kept.TakeLast(Window).Reverse()], beta2);
            for (int j = 0; j < Math.Min(Window, values.Length); j++)
            {
                ReadOnlySpan<double> v = vectors.AsSpan(j * c.Length, c.Length);
                double projection = Math.Sqrt(Math.Max(values[j], 0)) * Dot(v, u);
                for (int i = 0; i < product.Length; i++)
                {
                    product[i] += projection * v[i];
                }
            }

            double largest = c.Max(Math.Abs);
            Assert.All(product.Zip(c), pair => Assert.Equal(pair.Second, pair.First, 1e-4 * largest));
        }
    }

    [Theory]
    [InlineData("mfac", "sparse-mfac", "density=1;topKBlockSize=16")]
    [InlineData("mfac", "sparse-mfac", "density=1;topKBlockSize=0")]
    [InlineData("mfac", "lowrank-mfac", "rank=9")]
    [InlineData("ggt", "sparse-ggt", "density=1;topKBlockSize=16")]
    [InlineData("ggt", "lowrank-ggt", "rank=9")]
    public void A_window_that_keeps_everything_is_the_dense_one(string dense, string compressed, string options)
    {
        string common = dense == "mfac" ? "window=3;damping=0.01;momentum=0.5;clipUpdateNorm=2" : "window=3;epsilon=0.01;clipUpdateNorm=0.5";
        Run expected = new(dense, common);
        Run actual = new(compressed, $"{common};{options}");
        for (int step = 0; step < 8; step++)
        {
            expected.Step(step, out float[] u);
            actual.Step(step, out float[] v);
            double largest = u.Max(Math.Abs);
            Assert.All(u.Zip(v), pair => Assert.Equal(pair.First, pair.Second, 1e-4 * largest));
        }
    }

    /// <summary>
    /// With a float32 error nothing is lost: an entry of a is kept whole or left whole, and as many are kept as should be.
    /// </summary>
    [Theory]
    [InlineData("density=0.1;topKBlockSize=16", 7)]
    [InlineData("density=0.1;topKBlockSize=0", 5)]
    [InlineData("density=0.001;topKBlockSize=65536", 1)]
    public void What_is_kept_and_the_error_are_the_corrected_gradient(string options, int count)
    {
        Run run = new("sparse-mfac", $"{options};window=3");
        for (int step = 0; step < 5; step++)
        {
            float[] before = run.Error();
            float[] kept = run.Step(step, out _);
            float[] a = [.. before.Zip(run.Gradient()).Select(pair => pair.First + pair.Second)];
            float[] after = run.Error();
            Assert.Equal(count, kept.Count(x => x != 0));
            Assert.All(kept.Zip(after, a), entry => Assert.True((entry.First == entry.Third && entry.Second == 0) || (entry.First == 0 && entry.Second == entry.Third)));
        }
    }

    /// <summary>Rounded window values leave their remainder in the error, which is exact in float32.</summary>
    [Fact]
    public void Bfloat16_values_lose_nothing()
    {
        Run run = new("sparse-mfac", "density=0.2;topKBlockSize=16;window=3;windowValues=bfloat16");
        float[] before = run.Error();
        float[] kept = run.Step(0, out _);
        Assert.All(kept, x => Assert.Equal(BFloat16.Round(x), x));
        Assert.Contains(kept.Zip(run.Error()), pair => pair.First != 0 && pair.Second != 0);
        Assert.Equal(before.Zip(run.Gradient()).Select(pair => pair.First + pair.Second), kept.Zip(run.Error()).Select(pair => pair.First + pair.Second));
    }

    /// <summary>m = 1: u = c / (lambda + |c|^2).</summary>
    [Theory]
    [InlineData("mfac", "")]
    [InlineData("sparse-mfac", "density=0.05")]
    [InlineData("lowrank-mfac", "rank=1")]
    public void A_window_of_one_divides_by_the_square(string method, string options)
    {
        Run run = new(method, $"{options};window=1;damping=0.25");
        for (int step = 0; step < 3; step++)
        {
            float[] c = run.Step(step, out float[] u);
            double factor = 1 / (0.25 + DoubleProducts.Dot(c, c));
            Assert.All(c.Zip(u), pair => Assert.Equal(factor * pair.First, pair.Second, 1e-6));
        }
    }

    /// <summary>
    /// Zeros first: no update, and what comes after is as if they had been in the window; a layer frozen for ever does no harm.
    /// </summary>
    [Theory]
    [InlineData("mfac", "")]
    [InlineData("sparse-mfac", "density=0.1;topKBlockSize=16")]
    [InlineData("lowrank-mfac", "rank=2")]
    [InlineData("ggt", "")]
    [InlineData("sparse-ggt", "density=0.1;topKBlockSize=16")]
    [InlineData("lowrank-ggt", "rank=2")]
    public void Zero_gradients_move_nothing_and_break_nothing(string method, string options)
    {
        Run run = new(method, $"{options};window=3");
        run.Zero = true;
        run.Step(0, out float[] u);
        Assert.All(u, x => Assert.Equal(0, x));
        run.Zero = false;
        run.Frozen = "a";
        for (int step = 1; step < 9; step++)
        {
            run.Step(step, out u);
            Assert.All(u[..35], x => Assert.Equal(0, x));
            Assert.Contains(u[35..], x => x != 0);
            Assert.All(u, x => Assert.True(float.IsFinite(x)));
        }

        run.Frozen = null;
        run.Step(9, out u);
        Assert.Contains(u[..35], x => x != 0);
    }

    [Theory]
    [InlineData("mfac", "momentum=0.5;weightDecay=0.1")]
    [InlineData("sparse-mfac", "density=0.1;topKBlockSize=16;errorBits=4;quantBucketSize=6;weightDecay=0.1")]
    [InlineData("lowrank-mfac", "rank=2;momentum=0.5")]
    [InlineData("ggt", "beta1=0.5;weightDecay=0.1")]
    [InlineData("sparse-ggt", "density=0.1;topKBlockSize=0;errorBits=16")]
    public void A_parameter_without_a_gradient_stays_and_the_others_go_on(string method, string options)
    {
        Run run = new(method, $"{options};window=3");
        for (int step = 0; step < 4; step++)
        {
            run.Step(step, out _);
        }

        float[] values = run.Values("a");
        byte[] state = run.StateOf("a", "error", "momentum", "q");
        run.Missing = "a";
        run.Step(4, out float[] u);
        Assert.Equal(values, run.Values("a"));
        Assert.Equal(state, run.StateOf("a", "error", "momentum", "q"));
        Assert.Contains(u[35..], x => x != 0);
    }

    [Fact]
    public void Groups_may_differ_in_rate_and_decay_but_not_in_what_the_vector_has_once()
    {
        static Mfac Two(MfacOptions first, MfacOptions second) => new((GroupOptions<MfacOptions>[])
            [new([Gradients.Parameter(5, seed: 1)], first), new([Gradients.Parameter(6, seed: 2)], second)]);
        MfacOptions options = new() { Window = 3 };
        Mfac optimizer = Two(options, options with { LearningRate = 0.5, WeightDecay = 1, WeightDecayMode = WeightDecayMode.L2 });
        Assert.Contains("window", Assert.Throws<ArgumentException>(() => Two(options, options with { Window = 4 })).Message);
        Assert.Contains("damping", Assert.Throws<ArgumentException>(() => Two(options, options with { Damping = 1 })).Message);
        ((FisherGroup)optimizer.Groups[1]).Damping = 1;
        byte[] before = Gradients.StateOf(optimizer);
        Assert.Contains("damping", Assert.Throws<ArgumentException>(() => optimizer.Step()).Message);
        Assert.Equal(before, Gradients.StateOf(optimizer));
    }

    [Fact]
    public void Compressed_gradients_have_no_mean() =>
        Assert.Contains("beta1", Assert.Throws<ArgumentException>(() => new SparseGgt([new Parameter("w", 3)], new SparseGgtOptions { Beta1 = 0.9 })).Message);

    [Fact]
    public void An_initial_Q_must_fit_a_matrix()
    {
        LowRankMfac Make(string text) => (LowRankMfac)OptimizerCatalog.Get("lowrank-mfac").Create(
            [new NamedGroup([new Parameter("w", 4, 3), new Parameter("b", 4)], [new("rank", "2"), new("window", "2"), new("initialQ", text)])]);
        Assert.NotNull(Make("""{"w":[1,2,3,4,5,6]}"""));
        Assert.Contains("3 x 2", Assert.Throws<ArgumentException>(() => Make("""{"w":[1]}""")).Message);
        Assert.Contains("'b'", Assert.Throws<ArgumentException>(() => Make("""{"b":[1]}""")).Message);
        Assert.Contains("initialQ", Assert.Throws<ArgumentException>(() => Make("[1]")).Message);
    }

    /// <summary>Page, section 8: names of the whole family, taken by a method that lacks the thing where they ask for none of it.</summary>
    [Fact]
    public void An_option_of_a_relative_is_taken_where_it_changes_nothing()
    {
        Assert.All(
            (string[])["ggt momentum=0;momentumForm=ema;errorFeedback=true", "sparse-ggt momentum=0", "mfac errorFeedback=false"],
            text => Assert.Equal(
                new Run(text.Split(' ')[0], "window=2").Step(0, out _), new Run(text.Split(' ')[0], $"window=2;{text.Split(' ')[1]}").Step(0, out _)));
        Assert.Contains("must be 0", Assert.Throws<ArgumentException>(() => new Run("lowrank-ggt", "momentum=0.5")).Message);
        Assert.DoesNotContain("momentum", OptimizerCatalog.Get("ggt").OptionNames);
    }

    private static (double[] Vectors, double[] Values) Spectrum(float[][] newestFirst, double beta2)
    {
        int d = newestFirst[0].Length;
        double[] matrix = new double[d * d];
        for (int age = 0; age < newestFirst.Length; age++)
        {
            double scale = Math.Pow(beta2, 2 * age);
            for (int i = 0; i < d; i++)
            {
                for (int j = 0; j < d; j++)
                {
                    matrix[(i * d) + j] += scale * newestFirst[age][i] * newestFirst[age][j];
                }
            }
        }

        double[] values = new double[d];
        SymmetricEigen.Decompose(matrix, values, new Scratch(1, SymmetricEigen.ScratchBytes(d)).Area(0));
        return (matrix, values);
    }

    private static double Dot(ReadOnlySpan<double> v, float[] u)
    {
        double sum = 0;
        for (int i = 0; i < u.Length; i++)
        {
            sum += v[i] * u[i];
        }

        return sum;
    }

    /// <summary>
    /// An optimizer of rate 1 over a matrix of 35 entries, a tensor of 12, and a vector of 4 from zero weights: the step's change is -u.
    /// </summary>
    private sealed class Run
    {
        private readonly Parameter[] _parameters = [new("a", 5, 7), new("b", 3, 2, 1, 2), new("c", 4)];
        private readonly Optimizer _optimizer;

        public Run(string method, string options)
        {
            IEnumerable<KeyValuePair<string, string>> pairs = options.Split(';', StringSplitOptions.RemoveEmptyEntries)
                .Select(option => new KeyValuePair<string, string>(option.Split('=')[0], option.Split('=')[1]));
            _optimizer = OptimizerCatalog.Get(method).Create([new NamedGroup(_parameters, [.. pairs, new("learningRate", "1")])], new StepSettings { Threads = 2 });
        }

        public bool Zero { get; set; }

        public string? Frozen { get; set; }

        public string? Missing { get; set; }

        public float[] Gradient() => [.. _parameters.SelectMany(parameter => parameter.Gradient.ToArray())];

        public float[] Values(string name) => _parameters.Single(parameter => parameter.Name == name).Values.ToArray();

        /// <summary>Takes a step and returns what was kept of gradient and error.</summary>
        public float[] Step(int step, out float[] u)
        {
            float[] error = Error();
            float[] before = [.. _parameters.SelectMany(parameter => parameter.Values.ToArray())];
            foreach ((int index, Parameter parameter) in _parameters.Index())
            {
                bool isZero = Zero || parameter.Name == Frozen;
                Draws.Normal(parameter.Length, stream: (ulong)((10 * step) + index), scale: isZero ? 0 : 1).CopyTo(parameter.Gradient.Span);
                parameter.HasGradient = parameter.Name != Missing;
            }

            _optimizer.Step();
            u = [.. before.Zip(_parameters.SelectMany(parameter => parameter.Values.ToArray())).Select(pair => pair.First - pair.Second)];
            foreach (Parameter parameter in _parameters)
            {
                if (_optimizer.Groups[0].WeightDecay == 0)
                {
                    parameter.Values.Span.Clear();
                }
            }

            return [.. error.Zip(Gradient(), Error()).Select(entry => entry.First + entry.Second - entry.Third)];
        }

        /// <summary>The float32 errors of all parameters, zero where there is none.</summary>
        public float[] Error() =>
        [
            .. _parameters.SelectMany(parameter =>
                _optimizer.State.FirstOrDefault(field => field.Name == $"{parameter.Name}.error" && field.Spec.Type == ElementType.F32) is StateField field
                    ? MemoryMarshal.Cast<byte, float>(Bytes(field)).ToArray()
                    : new float[parameter.Length]),
        ];

        public byte[] StateOf(string parameter, params string[] prefixes) =>
            [.. _optimizer.State.Where(field => prefixes.Any(prefix => field.Name.StartsWith($"{parameter}.{prefix}", StringComparison.Ordinal))).SelectMany(Bytes)];

        private static byte[] Bytes(StateField field)
        {
            using MemoryStream stream = new();
            field.Write(stream);
            return stream.ToArray();
        }
    }
}
