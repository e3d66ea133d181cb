using Residuum.Optimizers;

namespace Residuum.Tests.Optimizers;

/// <summary>What holds for every method of the catalogue: a new one gets all of this by a row in <see cref="Rows"/>.</summary>
public sealed class EveryOptimizerTests
{
    private static readonly (string Method, string Options)[] Table =
    [
        ("sgd", ""),
        ("sgd", "momentum=0.9;nesterov=true;weightDecay=0.01"),
        ("adamw", ""),
        ("adam8bit", ""),
        ("adam8bit", "blockSize=100;minQuantizedSize=0"),
        ("adam8bit", "blockSize=48;minQuantizedSize=132;weightDecay=0.1"),
        ("adafactor", ""),
        ("adafactor", "learningRate=0.01;beta1=0.9;scaleParameter=false;weightDecay=0.1"),
        ("adafactor", "decayRate=-0.5;scaleParameter=false"),
        ("came", ""),
        ("came", "weightDecay=0.1;beta3=0.99;flattenTo2D=true"),
        ("subset-norm", ""),
        ("subset-norm", "subsetSize=1;beta1=0;biasCorrection=false"),
        ("subset-norm", "subsetSize=-1;beta2=1;biasCorrection=false;weightDecay=0.01"),
        ("microadam", ""),
        ("microadam", "topKBlockSize=48;quantBucketSize=10;density=0.1;window=3;weightDecay=0.1"),
        ("microadam", "quantBucketSize=100000;rangeStorage=float32"),
        ("microadam", "errorBits=32;topKBlockSize=100"),
        ("microadam", "errorBits=0"),
        ("microadam", "accumulator=bfloat16;densify=errorFeedback;alpha=0.2"),
        ("microadam", "densify=quantizationResidual"),
        ("mfac", "window=5;damping=0.1"),
        ("mfac", "window=3;damping=0.1;momentum=0.5;weightDecay=0.01;clipUpdateNorm=1;fisherCount=filled"),
        ("sparse-mfac", "window=5;damping=0.1;density=0.1"),
        ("sparse-mfac", "window=3;damping=0.1;density=0.1;topKBlockSize=0;errorBits=16"),
        ("sparse-mfac", "window=3;damping=0.1;topKBlockSize=1000;density=0.1;windowValues=bfloat16;errorBits=4;quantBucketSize=10"),
        ("sparse-mfac", "window=3;damping=0.1;density=0.1;errorFeedback=false"),
        ("lowrank-mfac", "window=5;damping=0.1"),
        ("ggt", "window=5;epsilon=0.1"),
        ("ggt", "window=3;epsilon=0.1;beta1=0.5;beta2=0.9;weightDecay=0.01"),
        ("sparse-ggt", "window=5;density=0.1;epsilon=0.1"),
        ("sparse-ggt", "window=3;density=0.1;epsilon=0.1;topKBlockSize=0;windowValues=bfloat16"),
        ("lowrank-ggt", "window=5;epsilon=0.1"),
        ("ldadam", ""),
        ("ldadam", "rank=5;projectionSide=reverse;weightDecay=0.1"),
        ("ldadam", "rank=5;errorFeedback=false;projectionSide=left"),
        ("ldadam", "rank=5;subspaceMethod=svd;projectionSide=right"),
        ("galore", ""),
        ("galore", "rank=5;updateInterval=1;weightDecay=0.1"),
        ("galore", "rank=5;updateInterval=2;projectionSide=full"),
        ("subspace-momentum", ""),
        ("subspace-momentum", "rank=5;updateInterval=2;weightDecay=0.1"),
        ("subspace-momentum", "rank=5;updateInterval=2;projection=topk;secondMoment=dense;momentumOnRefresh=keep"),
        ("subspace-momentum", "projection=none;subsetSize=null;beta2=1;biasCorrection=false"),
        ("ogd", "delta=2"),
        ("adagrad", ""),
        ("adagrad-full", ""),
        ("adagrad-full", "delta=0.1;deltaPlacement=outside"),
        ("s-adagrad", ""),
        ("ada-fd", "sketchSize=4;delta=2"),
        ("fd-son", "delta=5"),
        ("rfd-son", "delta=5"),
        ("shampoo", ""),
        ("shampoo", "grafting=adam;momentum=0;weightDecay=0.01"),
        ("s-shampoo", ""),
        ("s-shampoo", "grafting=sgd;momentumEma=true;nesterov=false"),
        ("s-shampoo", "grafting=sgd;momentumBits=8"),
        ("s-shampoo", "momentumBits=8;momentumErrorFeedback=true"),
        ("microadam+adamw", "density=0.1;weightDecay=0.1;adamw.only=*a*"),
        ("ldadam+adam8bit+sgd", "rank=5;sgd.momentum=0.9;adam8bit.minQuantizedSize=0;adam8bit.only=none;sgd.vectors=false"),
    ];

    public static TheoryData<string, string> Rows()
    {
        TheoryData<string, string> rows = [];
        foreach ((string method, string options) in Table)
        {
            rows.Add(method, options);
        }

        return rows;
    }

    [Fact]
    public void Every_method_has_a_row() => Assert.Equal(
        OptimizerCatalog.Kinds.Select(kind => kind.Name).Order(), Table.Select(row => row.Method).Where(name => !name.Contains('+')).Distinct().Order());

    [Theory]
    [MemberData(nameof(Rows))]
    public void The_estimate_is_the_memory(string method, string options)
    {
        foreach (int threads in new[] { 1, 3 })
        {
            Parameter[] parameters = Parameters(method);
            Optimizer optimizer = Create(method, options, parameters, new StepSettings { Threads = threads });
            ShapedParameter[] shapes = [.. parameters.Select(parameter => new ShapedParameter(parameter.Name, parameter.Shape.ToArray()))];
            MemoryPlan plan = OptimizerCatalog.Get(method).Plan([new ShapedGroup(shapes, Read(options))], threads);
            Assert.Equal(optimizer.State.Select(piece => (piece.Name, piece.Spec.Type, piece.Spec.Bytes)),
                plan.Fields.Select(planned => (planned.Owner is null ? planned.Spec.Name : $"{planned.Owner}.{planned.Spec.Name}", planned.Spec.Type, planned.Spec.Bytes)));
            Assert.Equal(optimizer.StateBytes, plan.StateBytes);
            Assert.Equal(optimizer.CounterBytes, plan.CounterBytes);
            Assert.Equal(optimizer.ScratchBytes, plan.ScratchBytes);
            Assert.Equal(plan.StateBytes + plan.CounterBytes, Gradients.StateOf(optimizer).Length);
        }
    }

    /// <summary>What making an optimizer takes from the heap is what the estimate says, to a few percent for the objects around the arrays.</summary>
    [Theory]
    [MemberData(nameof(Rows))]
    public void The_heap_grows_by_the_estimate(string method, string options)
    {
        Parameter[] parameters = [new("large", method == "adagrad-full" ? 1000 : 1_000_000)];
        Create(method, options, parameters, new StepSettings { Threads = 1 });
        long before = GC.GetAllocatedBytesForCurrentThread();
        Optimizer optimizer = Create(method, options, parameters, new StepSettings { Threads = 1 });
        long taken = GC.GetAllocatedBytesForCurrentThread() - before;
        long told = optimizer.StateBytes + optimizer.CounterBytes + optimizer.ScratchBytes;
        Assert.InRange(taken, told, (told * 1.01) + 20_000);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_step_allocates_nothing(string method, string options)
    {
        Parameter[] parameters = Parameters(method);
        Optimizer optimizer = Create(method, options, parameters, new StepSettings { Threads = 1, ClipNorm = 1 });
        for (int step = 0; step < 3; step++)
        {
            DrawAll(parameters, step);
            optimizer.Step();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        optimizer.Step();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void One_NaN_in_the_last_tensor_and_nothing_has_changed(string method, string options)
    {
        Parameter[] parameters = Parameters(method);
        Optimizer optimizer = Create(method, options, parameters, new StepSettings());
        DrawAll(parameters, 0);
        optimizer.Step();
        float[][] values = [.. parameters.Select(parameter => parameter.Values.ToArray())];
        byte[] state = Gradients.StateOf(optimizer);
        DrawAll(parameters, 1);
        parameters[^1].Gradient.Span[5] = float.NaN;
        NonFiniteGradientException refused = Assert.Throws<NonFiniteGradientException>(() => optimizer.Step());
        Assert.Equal((parameters[^1].Name, 5L), (refused.Parameter, refused.Index));
        Assert.Equal(values, parameters.Select(parameter => parameter.Values.ToArray()));
        Assert.Equal(state, Gradients.StateOf(optimizer));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Threads_change_no_bit(string method, string options)
    {
        float[] Run(int threads)
        {
            Parameter[] parameters = Parameters(method);
            Optimizer optimizer = Create(method, options, parameters, new StepSettings { Threads = threads, ClipNorm = 3 });
            for (int step = 0; step < 4; step++)
            {
                DrawAll(parameters, step);
                optimizer.Step();
            }

            return [.. parameters.SelectMany(parameter => parameter.Values.ToArray())];
        }

        float[] alone = Run(1);
        Assert.Equal(alone, Run(2));
        Assert.Equal(alone, Run(3));
    }

    /// <summary>All but quantizationResidual, whose unscaled gradients in the parameters do not settle (methods page of MicroAdam, 8.2).</summary>
    public static TheoryData<string, string> DescendingRows()
    {
        TheoryData<string, string> rows = [];
        foreach ((string method, string options) in Table.Where(row => !row.Options.Contains("quantizationResidual", StringComparison.Ordinal)))
        {
            rows.Add(method, options);
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(DescendingRows))]
    public void A_parabola_is_descended(string method, string options)
    {
        // Methods for one pass over data take large steps that they make smaller themselves; Newton's are inverse to the gradients' squares.
        double rate = method switch
        {
            "ogd" or "adagrad" or "adagrad-full" or "s-adagrad" or "ada-fd" => 1,
            "fd-son" or "rfd-son" => 100,
            _ => 0.01,
        };
        Parameter parameter = Gradients.Parameter(200, seed: 21);
        Optimizer optimizer = Create(method, options, [parameter], new StepSettings());
        double start = Residuum.Numerics.Reductions.SumOfSquares(parameter.Values.Span);
        for (int step = 0; step < 400; step++)
        {
            parameter.Values.CopyTo(parameter.Gradient);
            optimizer.Groups[0].LearningRate = rate * (1 - (step / 400.0));
            optimizer.Step();
        }

        Assert.True(Residuum.Numerics.Reductions.SumOfSquares(parameter.Values.Span) < 0.5 * start);
    }

    [Fact]
    public void Skips_are_counted_and_end()
    {
        Parameter parameter = new("w", 3);
        parameter.Gradient.Span[1] = float.PositiveInfinity;
        AdamW optimizer = new([parameter], null, new StepSettings { NonFinite = NonFinitePolicy.SkipAtMost, MaxConsecutiveSkips = 2 });
        Assert.Equal(new StepReport(false, double.NaN, "w", 1), optimizer.Step());
        Assert.False(optimizer.Step().Applied);
        Assert.Throws<NonFiniteGradientException>(() => optimizer.Step());
        parameter.Gradient.Span[1] = 1;
        Assert.True(optimizer.Step().Applied);
        parameter.Gradient.Span[1] = float.NaN;
        Assert.False(optimizer.Step().Applied);
    }

    [Fact]
    public void Clipping_limits_entries_first_and_then_the_norm()
    {
        Parameter a = new("a", 2);
        Parameter b = new("b", 1);
        a.Gradient.Span[0] = 30;
        a.Gradient.Span[1] = -4;
        b.Gradient.Span[0] = 0;
        Sgd optimizer = new([a, b], new SgdOptions { LearningRate = 1 }, new StepSettings { ClipValue = 3, ClipNorm = 1 });
        double norm = optimizer.Step().GradientNorm;
        Assert.Equal(Math.Sqrt(18), norm, 1e-6);
        Assert.Equal(-Math.Sqrt(0.5), a.Values.Span[0], 1e-6);
        Assert.Equal(Math.Sqrt(0.5), a.Values.Span[1], 1e-6);
    }

    [Fact]
    public void The_norm_of_huge_gradients_does_not_overflow()
    {
        Parameter parameter = new("w", 5000);
        parameter.Gradient.Span.Fill(1e25f);
        Sgd optimizer = new([parameter], new SgdOptions { LearningRate = 1 }, new StepSettings { ClipNorm = 1 });
        Assert.Equal(1e25 * Math.Sqrt(5000), optimizer.Step().GradientNorm, 1e21);
        Assert.Equal(-1 / Math.Sqrt(5000), parameter.Values.Span[77], 1e-6);
    }

    // Full-matrix AdaGrad keeps the square of a tensor's entries: its tensors are small ones.
    private static Parameter[] Parameters(string method)
    {
        bool isSmall = method == "adagrad-full";
        return
        [
            Gradients.Parameter(isSmall ? 73 : 70_001, seed: 1),
            Gradients.Parameter(1, seed: 2),
            Gradients.Parameter(0, seed: 3),
            isSmall ? LowRankRuns.Matrix("tall", 11, 4) : LowRankRuns.Matrix("tall", 211, 40),
            isSmall ? LowRankRuns.Matrix("wide", 3, 10) : LowRankRuns.Matrix("wide", 37, 300),
            Gradients.Parameter(131, seed: 4),
        ];
    }

    private static void DrawAll(Parameter[] parameters, int step)
    {
        foreach (Parameter parameter in parameters)
        {
            Gradients.Draw(parameter, step);
        }
    }

    private static Optimizer Create(string method, string options, Parameter[] parameters, StepSettings settings) =>
        OptimizerCatalog.Get(method).Create([new NamedGroup(parameters, Read(options))], settings);

    private static KeyValuePair<string, string>[] Read(string options) =>
        [.. options.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(option => new KeyValuePair<string, string>(option.Split('=')[0], option.Split('=')[1]))];
}
