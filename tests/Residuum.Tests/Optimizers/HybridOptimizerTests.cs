using Residuum.Optimizers;

namespace Residuum.Tests.Optimizers;

public sealed class HybridOptimizerTests
{
    [Fact]
    public void Every_part_steps_as_it_does_alone()
    {
        Parameter[] joint = Network();
        Optimizer hybrid = Create("microadam+adamw", "density=0.1;learningRate=0.01;adamw.learningRate=0.002;adamw.weightDecay=0.1", joint);
        Parameter[] apart = Network();
        Optimizer[] parts = [Create("microadam", "density=0.1;learningRate=0.01", apart[1..3]), Create("adamw", "learningRate=0.002;weightDecay=0.1", [apart[0], .. apart[3..]])];
        for (int step = 0; step < 5; step++)
        {
            DrawAll(joint, step);
            DrawAll(apart, step);
            hybrid.Step();
            Array.ForEach(parts, part => part.Step());
        }

        Assert.Equal("microadam+adamw", hybrid.Method);
        Assert.Equal(Values(apart), Values(joint));
    }

    [Theory]
    [InlineData("", "embeddings.weight head.weight norm.weight scale")]
    [InlineData("adamw.vectors=false", "embeddings.weight head.weight")]
    [InlineData("adamw.only=none", "norm.weight scale")]
    [InlineData("adamw.only=gate|up*", "gate.weight norm.weight scale")]
    [InlineData("adamw.only=gate*;adamw.vectors=false", "gate.weight")]
    public void Names_and_dimensions_tell_who_takes_a_parameter(string options, string taken)
    {
        ShapedParameter[] shapes =
        [
            new("embeddings.weight", [20, 8]), new("gate.weight", [8, 8]), new("down.weight", [8, 8]), new("norm.weight", [8]), new("head.weight", [20, 8]), new("scale", []),
        ];
        MemoryPlan plan = OptimizerCatalog.Get("sgd+adamw").Plan([new ShapedGroup(shapes, Read(options))], 1);
        Assert.Equal(taken.Split(' ').Order(), plan.Treatments.Where(planned => planned.Treatment == "adamw").Select(planned => planned.Parameter).Order());
        Assert.Equal(shapes.Length, plan.Treatments.Count);
    }

    [Fact]
    public void Clipping_takes_the_norm_over_all_parts()
    {
        Parameter[] parameters = [new("w", 3, 1), new("head", 4, 1)];
        foreach (Parameter parameter in parameters)
        {
            parameter.Gradient.Span.Fill(1);
        }

        Optimizer hybrid = OptimizerCatalog.Get("sgd+adamw").Create(
            [new NamedGroup(parameters, Read("learningRate=1"))], new StepSettings { ClipNorm = 1 });
        Assert.Equal(Math.Sqrt(7), hybrid.Step().GradientNorm, 1e-6);
        Assert.Equal(-1 / Math.Sqrt(7), parameters[0].Values.Span[0], 1e-6);
    }

    [Fact]
    public void Skipped_steps_are_counted_once()
    {
        Parameter[] parameters = Network();
        Optimizer hybrid = OptimizerCatalog.Get("sgd+adamw").Create(
            [new NamedGroup(parameters, [])], new StepSettings { NonFinite = NonFinitePolicy.SkipAtMost, MaxConsecutiveSkips = 1 });
        parameters[2].Gradient.Span[0] = float.NaN;
        Assert.False(hybrid.Step().Applied);
        Assert.Throws<NonFiniteGradientException>(() => hybrid.Step());
        Assert.Single(hybrid.State, field => field.Name == "consecutive_skips");
    }

    [Fact]
    public void A_part_still_refuses_what_it_cannot_do()
    {
        ArgumentException refused = Assert.Throws<ArgumentException>(() => OptimizerCatalog.Get("ldadam+adamw").Create(
            [new NamedGroup(Network(), Read("rank=4;errorBuffer=gradientBuffer"))], new StepSettings { ClipNorm = 1 }));
        Assert.Contains("clipping", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Diagnosis_asks_the_part_that_has_the_parameter()
    {
        Parameter[] parameters = Network();
        Optimizer hybrid = Create("microadam+adamw", "", parameters);
        DrawAll(parameters, 0);
        StepDiagnosis diagnosis = hybrid.Diagnose()!;
        hybrid.Step();
        Assert.Contains("errorNorm", diagnosis.Of(parameters[1]).Keys);
        Assert.Empty(diagnosis.Of(parameters[0]));
        Assert.Null(Create("sgd+adamw", "", Network()).Diagnose());
    }

    [Fact]
    public void All_options_are_told_with_the_names_they_are_given_by()
    {
        IReadOnlyList<KeyValuePair<string, string>> told = OptimizerCatalog.Get("sgd+adam8bit").Describe(Read("momentum=0.5;adam8bit.blockSize=64"));
        Assert.Equal(OptimizerCatalog.Get("sgd+adam8bit").OptionNames.Order(), told.Select(option => option.Key).Order());
        Assert.Contains(new("momentum", "0.5"), told);
        Assert.Contains(new("adam8bit.blockSize", "64"), told);
        Assert.Contains(new("adam8bit.vectors", "true"), told);
    }

    [Theory]
    [InlineData("sgd+adamw", "adamw.rank=3")]
    [InlineData("sgd+adamw", "adamw.vectors=maybe")]
    [InlineData("sgd+adamw", "only=head")]
    public void Wrong_options_are_refused(string method, string options) =>
        Assert.ThrowsAny<ArgumentException>(() => Create(method, options, Network()));

    [Theory]
    [InlineData("sgd+sgd")]
    [InlineData("sgd+")]
    [InlineData("sgd+adamv")]
    public void Wrong_names_are_refused(string name) => Assert.ThrowsAny<ArgumentException>(() => OptimizerCatalog.Get(name));

    private static Parameter[] Network() =>
    [
        LowRankRuns.Matrix("embeddings.weight", 30, 8), LowRankRuns.Matrix("up.weight", 16, 8), LowRankRuns.Matrix("down.weight", 8, 16), Gradients.Parameter(8, seed: 5),
    ];

    private static void DrawAll(Parameter[] parameters, int step) => Array.ForEach(parameters, parameter => Gradients.Draw(parameter, step));

    private static float[] Values(Parameter[] parameters) => [.. parameters.SelectMany(parameter => parameter.Values.ToArray())];

    private static Optimizer Create(string method, string options, Parameter[] parameters) =>
        OptimizerCatalog.Get(method).Create([new NamedGroup(parameters, Read(options))], new StepSettings { Threads = 2 });

    private static KeyValuePair<string, string>[] Read(string options) =>
        [.. options.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(option => new KeyValuePair<string, string>(option.Split('=')[0], option.Split('=')[1]))];
}
