using Residuum.Optimizers;

namespace Residuum.Tests.Optimizers;

/// <summary>What nobody should ask for, and shapes that are seldom: a step, or one sentence that says what is wrong.</summary>
public sealed class OddInputTests
{
    private static readonly int[][] OddShapes = [[0, 5], [5, 0], [], [1], [0], [1, 1], [3, 1, 1, 2], [2, 3, 0, 4], [7, 1], [1, 7]];

    public static TheoryData<string, string> Methods()
    {
        TheoryData<string, string> rows = [];
        foreach (OptimizerKind kind in OptimizerCatalog.Kinds)
        {
            rows.Add(kind.Name, "");
        }

        foreach (string side in new[] { "left", "right", "reverse" })
        {
            rows.Add("galore", $"rank=2;projectionSide={side};flatten=true");
            rows.Add("ldadam", $"rank=2;projectionSide={side};flatten=true");
        }

        rows.Add("galore", "rank=1;projectionSide=full;flatten=true");
        rows.Add("ldadam", "rank=1;subspaceMethod=svd;flatten=true");
        rows.Add("subspace-momentum", "rank=1;flatten=true;updateInterval=2");
        rows.Add("subspace-momentum", "rank=1;flatten=true;updateInterval=2;projection=topk");
        rows.Add("came", "flattenTo2D=true");
        rows.Add("shampoo", "skipRank1=false;mergeDims=0;blockSize=2");
        rows.Add("s-shampoo", "skipRank1=false;mergeDims=0;blockSize=2;rank=1");
        rows.Add("sparse-mfac", "topKBlockSize=0;errorBits=4;window=2");
        rows.Add("lowrank-ggt", "rank=3;window=2;errorBits=16");
        return rows;
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Odd_shapes_are_stepped(string method, string options)
    {
        Parameter[] parameters = [.. OddShapes.Select((shape, i) => new Parameter($"w{i}", shape))];
        Optimizer optimizer = Create(method, options, parameters);
        for (int step = 0; step < 5; step++)
        {
            foreach (Parameter parameter in parameters)
            {
                Gradients.Draw(parameter, step);
                if (step == 2)
                {
                    parameter.Gradient.Span.Clear();
                }
            }

            parameters[4 + step].HasGradient = false;
            optimizer.Step();
        }

        Assert.All(parameters, parameter => Assert.All(parameter.Values.ToArray(), value => Assert.True(float.IsFinite(value))));
        Assert.Contains(parameters, parameter => parameter.Values.ToArray().Any(value => value != 0));
    }

    /// <summary>Where gradients are divided between ranks, a parameter may have neither a gradient nor memory for one.</summary>
    [Theory]
    [MemberData(nameof(Methods))]
    public void A_parameter_without_memory_for_its_gradient_is_passed_over(string method, string options)
    {
        Parameter[] parameters = [.. Enumerable.Range(0, 3).Select(i => new Parameter($"w{i}", 6, 7))];
        Optimizer optimizer = Create(method, options, parameters);
        parameters[1].HasGradient = false;
        parameters[1].Gradient = default;
        for (int step = 0; step < 3; step++)
        {
            Gradients.Draw(parameters[0], step);
            Gradients.Draw(parameters[2], step);
            optimizer.Step();
        }

        Assert.Contains(parameters, parameter => parameter.Values.ToArray().Any(value => value != 0));
        Assert.All(parameters[1].Values.ToArray(), value => Assert.Equal(0, value));
    }

    /// <summary>Who keeps gradients elsewhere may lend other memory at every step.</summary>
    [Theory]
    [MemberData(nameof(Methods))]
    [InlineData("ldadam", "rank=2;errorFeedback=false")]
    [InlineData("ldadam", "rank=2;errorBuffer=gradientBuffer")]
    public void A_gradient_may_lie_in_other_memory_at_every_step(string method, string options)
    {
        Parameter[] still = [new("w", 6, 7), new("b", 7)];
        Parameter[] moving = [new("w", 6, 7), new("b", 7)];
        Optimizer expected = Create(method, options, still);
        Optimizer actual = Create(method, options, moving);
        for (int step = 0; step < 3; step++)
        {
            foreach ((Parameter one, Parameter other) in still.Zip(moving))
            {
                float[] drawn = new float[one.Length];
                Parameter source = new("g", [one.Length], new float[one.Length], drawn);
                Gradients.Draw(source, step);
                for (int i = 0; one.GradientHoldsError && i < drawn.Length; i++)
                {
                    drawn[i] += one.Gradient.Span[i];
                }

                drawn.CopyTo(one.Gradient);
                other.Gradient = drawn;
            }

            expected.Step();
            actual.Step();
        }

        Assert.Equal(still[0].Values.ToArray(), moving[0].Values.ToArray());
        Assert.Equal(still[1].Values.ToArray(), moving[1].Values.ToArray());
        Assert.Equal(Gradients.StateOf(expected), Gradients.StateOf(actual));
    }

    /// <summary>A first gradient of zeros is nobody's division by zero.</summary>
    [Theory]
    [MemberData(nameof(Methods))]
    public void Zero_gradients_from_the_start_move_nothing(string method, string options)
    {
        Parameter[] parameters = [.. OddShapes.Select((shape, i) => new Parameter($"w{i}", shape))];
        Optimizer optimizer = Create(method, options, parameters);
        for (int step = 0; step < 3; step++)
        {
            optimizer.Step();
        }

        Assert.All(parameters, parameter => Assert.All(parameter.Values.ToArray(), value => Assert.Equal(0, value)));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void No_option_is_NaN_or_infinite(string method, string options)
    {
        OptimizerKind kind = OptimizerCatalog.Get(method);
        foreach (string name in kind.OptionNames.Except(["lowRankNames", "denseNames"]))
        {
            foreach (string value in new[] { "NaN", "Infinity", "-Infinity", "" })
            {
                KeyValuePair<string, string>[] wrong = [.. Read(options).Where(option => option.Key != name), new(name, value)];
                ShapedGroup shapes = new([new ShapedParameter("w", [4, 3])], wrong);
                NamedGroup group = new([new Parameter("w", 4, 3)], wrong);
                Assert.Contains(name, Assert.ThrowsAny<ArgumentException>(() => kind.Describe(wrong)).Message);
                Assert.Contains(name, Assert.ThrowsAny<ArgumentException>(() => kind.Plan([shapes], threads: 1)).Message);
                Assert.Contains(name, Assert.ThrowsAny<ArgumentException>(() => kind.Create([group])).Message);
            }
        }
    }

    [Theory]
    [InlineData("adamw", "beta1=1")]
    [InlineData("adamw", "beta2=-0.1")]
    [InlineData("adamw", "epsilon=-1e-8")]
    [InlineData("microadam", "weightDecay=-1")]
    [InlineData("sgd", "learningRate=-1")]
    [InlineData("adafactor", "epsilon1=-1")]
    [InlineData("came", "beta3=1")]
    [InlineData("adam8bit", "beta1=2")]
    [InlineData("shampoo", "weightDecay=-1")]
    [InlineData("mfac", "learningRate=-1")]
    [InlineData("ldadam", "beta1=1")]
    [InlineData("ogd", "learningRate=-1")]
    public void A_plan_refuses_what_the_optimizer_refuses(string method, string option)
    {
        ShapedGroup shapes = new([new ShapedParameter("w", [4, 3])], Read(option));
        Assert.Contains(
            option.Split('=')[0],
            Assert.ThrowsAny<ArgumentException>(() => OptimizerCatalog.Get(method).Plan([shapes], threads: 1)).Message);
    }

    /// <summary>What options refuse, a group refuses between steps.</summary>
    [Theory]
    [InlineData("ogd", "weightDecay", 0.1)]
    [InlineData("s-adagrad", "weightDecay", 0.1)]
    [InlineData("ldadam", "epsilon", 0)]
    [InlineData("ggt", "epsilon", 0)]
    [InlineData("mfac", "damping", 0)]
    [InlineData("sgd", "momentum", 0.5)]
    public void A_group_refuses_what_its_options_refuse(string method, string name, double value)
    {
        ParameterGroup group = Create(method, "", [new Parameter("w", 4, 3)]).Groups[0];
        ArgumentException refused = Assert.ThrowsAny<ArgumentException>(() => Set(group, name, value));
        Assert.Contains(name, refused.Message);
        Assert.Contains(value.ToString(System.Globalization.CultureInfo.InvariantCulture), refused.Message);

        static void Set(ParameterGroup group, string name, double value)
        {
            if (name == "weightDecay")
            {
                group.WeightDecay = value;
            }
            else
            {
                Assert.True(group.TrySet(name, value));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Large_tensors_are_estimated(string method, string options)
    {
        ShapedGroup shapes = new([new ShapedParameter("w", [40_000, 30_000]), new ShapedParameter("b", [30_000])], Read(options));
        MemoryPlan plan = OptimizerCatalog.Get(method).Plan([shapes], threads: 2);
        Assert.InRange(plan.StateBytes, 0, long.MaxValue);
        Assert.InRange(plan.ScratchBytes, 0, long.MaxValue);
    }

    /// <summary>Two matrices of doubles for the root, a vector, a panel, and what the eigenproblem takes.</summary>
    [Fact]
    public void The_scratch_of_a_long_axis_is_estimated_beyond_2_GB()
    {
        const long Axis = 12_000;
        ShapedGroup shapes = new([new ShapedParameter("w", [(int)Axis, 10])], Read("blockSize=0;skipAnyDimGreaterThan=20000"));
        MemoryPlan plan = OptimizerCatalog.Get("shampoo").Plan([shapes], threads: 1);
        Assert.InRange(plan.ScratchBytes, 2 * 8 * Axis * Axis, 2.1 * 8 * Axis * Axis);
    }

    [Fact]
    public void Scratch_that_no_array_can_hold_is_refused()
    {
        Parameter parameter = new("w", 12_000, 10);
        ArgumentException refused = Assert.ThrowsAny<ArgumentException>(
            () => Create("shampoo", "blockSize=0;skipAnyDimGreaterThan=20000", [parameter]));
        Assert.Contains("working memory", refused.Message);
    }

    [Fact]
    public void A_window_that_no_array_can_hold_is_refused()
    {
        Parameter parameter = new("w", 600_000);
        ArgumentException refused = Assert.ThrowsAny<ArgumentException>(() => Create("sparse-ggt", "window=4096;density=1", [parameter]));
        Assert.Contains("window", refused.Message);
    }

    [Fact]
    public void An_empty_tensor_may_have_any_other_dimensions() =>
        Assert.Equal(0, TensorShape.ElementCount([100_000, 100_000, 0], "w"));

    private static Optimizer Create(string method, string options, Parameter[] parameters) =>
        OptimizerCatalog.Get(method).Create([new NamedGroup(parameters, Read(options))], new StepSettings { Threads = 1 });

    private static KeyValuePair<string, string>[] Read(string options) =>
    [
        .. options.Split(';', StringSplitOptions.RemoveEmptyEntries)
            .Select(option => new KeyValuePair<string, string>(option.Split('=')[0], option.Split('=')[1])),
    ];
}
