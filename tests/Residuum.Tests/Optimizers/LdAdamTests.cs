using Residuum.Optimizers;
using Residuum.State;
using Residuum.Tests.State;

namespace Residuum.Tests.Optimizers;

public sealed class LdAdamTests
{
    [Theory]
    [InlineData(ErrorBuffer.OwnBuffer)]
    [InlineData(ErrorBuffer.GradientBuffer)]
    public void Save_load_continue_equals_the_uninterrupted_run_at_every_step(ErrorBuffer buffer)
    {
        const int Steps = 6;
        using TemporaryFolder folder = new();
        LdAdam whole = Make(buffer);
        for (int step = 1; step <= Steps; step++)
        {
            LowRankRuns.Step(whole, step);
        }

        for (int stop = 0; stop <= Steps; stop++)
        {
            LdAdam first = Make(buffer);
            for (int step = 1; step <= stop; step++)
            {
                LowRankRuns.Step(first, step);
            }

            Checkpoint.Save(folder.File("c"), Content(first));
            LdAdam second = Make(buffer);
            LowRankRuns.Step(second, 77);
            Checkpoint.Load(folder.File("c"), Content(second));
            for (int step = stop + 1; step <= Steps; step++)
            {
                LowRankRuns.Step(second, step);
            }

            Assert.Equal(LowRankRuns.Everything(whole), LowRankRuns.Everything(second));
        }
    }

    [Theory]
    [InlineData(ErrorBuffer.OwnBuffer)]
    [InlineData(ErrorBuffer.GradientBuffer)]
    public void A_gradient_that_is_not_finite_is_refused_and_changes_nothing(ErrorBuffer buffer)
    {
        LdAdam optimizer = Make(buffer);
        LowRankRuns.Step(optimizer, 1);
        byte[] before = LowRankRuns.Everything(optimizer);
        Parameter last = optimizer.Groups[0].Parameters[^1];
        float[] error = [.. last.Gradient.Span];
        last.Gradient.Span[3] = float.NaN;
        NonFiniteGradientException refused = Assert.Throws<NonFiniteGradientException>(() => optimizer.Step());
        Assert.Equal((last.Name, 3L), (refused.Parameter, refused.Index));
        error.CopyTo(last.Gradient.Span);
        Assert.Equal(before, LowRankRuns.Everything(optimizer));
    }

    [Fact]
    public void The_gradient_buffer_is_no_state_memory_but_is_saved()
    {
        LdAdam own = Make(ErrorBuffer.OwnBuffer);
        LdAdam shared = Make(ErrorBuffer.GradientBuffer);
        int weights = own.Groups[0].Parameters.Take(2).Sum(parameter => parameter.Length);
        Assert.Equal(own.StateBytes, shared.StateBytes + (4 * weights));
        Assert.Equal(own.State.Select(piece => piece.Name), shared.State.Select(piece => piece.Name));
        shared.ZeroGradients();
        LowRankRuns.Step(shared, 1);
        float[] error = [.. shared.Groups[0].Parameters[0].Gradient.Span];
        shared.ZeroGradients();
        Assert.Equal(error, shared.Groups[0].Parameters[0].Gradient.ToArray());
        Assert.Equal(error, LowRankRuns.Read(shared, "tall.error"));
    }

    /// <summary>Page, section 6: clipping would clip the error, and a step that is skipped has spoiled it.</summary>
    [Fact]
    public void With_the_gradient_buffer_nothing_may_clip_or_skip()
    {
        foreach (StepSettings settings in (StepSettings[])[
            new() { ClipNorm = 1 },
            new() { ClipValue = 1 },
            new() { NonFinite = NonFinitePolicy.Skip },
            new() { NonFinite = NonFinitePolicy.SkipAtMost }])
        {
            ArgumentException refused = Assert.Throws<ArgumentException>(() => Make(ErrorBuffer.GradientBuffer, settings));
            Assert.Contains("ownBuffer", refused.Message, StringComparison.Ordinal);
            Make(ErrorBuffer.OwnBuffer, settings);
        }
    }

    /// <summary>Page, section 10, 2: steps are counted per parameter, so a first gradient may come late.</summary>
    [Fact]
    public void A_parameter_whose_first_gradient_comes_late_takes_the_steps_of_one_that_starts_then()
    {
        LdAdam early = Make(ErrorBuffer.OwnBuffer);
        LdAdam late = Make(ErrorBuffer.OwnBuffer);
        Parameter waiting = late.Groups[0].Parameters[0];
        waiting.HasGradient = false;
        LowRankRuns.Step(late, 7);
        waiting.HasGradient = true;
        for (int step = 1; step <= 4; step++)
        {
            LowRankRuns.Step(early, step);
            LowRankRuns.Step(late, step);
        }

        Assert.Equal(early.Groups[0].Parameters[0].Values.ToArray(), waiting.Values.ToArray());
        Assert.Equal(LowRankRuns.Read(early, "tall.error"), LowRankRuns.Read(late, "tall.error"));
    }

    /// <summary>Page, section 10, 3 and 4: what a group sets, side and betas among it, is its own.</summary>
    [Fact]
    public void Groups_do_not_see_each_others_options()
    {
        LdAdamOptions left = Options(ErrorBuffer.OwnBuffer) with { ProjectionSide = ProjectionSide.Left, Beta1 = 0.5, SubspaceMethod = SubspaceMethod.Svd };
        LdAdamOptions plain = Options(ErrorBuffer.OwnBuffer) with { Rank = 2 };
        Parameter a = LowRankRuns.Matrix("a", 9, 5, seed: 3);
        Parameter b = LowRankRuns.Matrix("b", 9, 5, seed: 4);
        LdAdam both = new([new GroupOptions<LdAdamOptions>([a], left), new GroupOptions<LdAdamOptions>([b], plain)]);
        Parameter alone = LowRankRuns.Matrix("b", 9, 5, seed: 4);
        LdAdam single = new([alone], plain);
        for (int step = 1; step <= 4; step++)
        {
            LowRankRuns.Give(a, LowRankRuns.Gradient(a, step, seed: 5));
            LowRankRuns.Give(b, LowRankRuns.Gradient(b, step, seed: 6));
            LowRankRuns.Give(alone, LowRankRuns.Gradient(b, step, seed: 6));
            both.Step();
            single.Step();
        }

        Assert.Equal(alone.Values.ToArray(), b.Values.ToArray());
        Assert.Equal([9, 3], LowRankRuns.ShapeOf(both, "a.basis"));
        Assert.Equal([5, 2], LowRankRuns.ShapeOf(both, "b.basis"));
        Assert.Equal([9, 2], LowRankRuns.ShapeOf(both, "b.m"));
    }

    [Fact]
    public void A_zero_first_gradient_gives_the_first_unit_vectors_and_moves_nothing()
    {
        Parameter parameter = LowRankRuns.Matrix("w", 4, 6);
        float[] before = parameter.Values.ToArray();
        LdAdam optimizer = new([parameter], Options(ErrorBuffer.OwnBuffer) with { Rank = 2, WeightDecay = 0 });
        optimizer.Step();
        Assert.Equal(new float[] { 1, 0, 0, 1, 0, 0, 0, 0 }, LowRankRuns.Read(optimizer, "w.basis"));
        Assert.Equal(before, parameter.Values.ToArray());
    }

    [Fact]
    public void At_full_rank_nothing_is_left_over()
    {
        Parameter parameter = LowRankRuns.Matrix("w", 5, 8);
        LdAdam optimizer = new([parameter], Options(ErrorBuffer.OwnBuffer) with { Rank = 5 });
        for (int step = 1; step <= 6; step++)
        {
            LowRankRuns.Step(optimizer, step);
            Assert.True(LowRankRuns.Norm(LowRankRuns.Read(optimizer, "w.error")) < 1e-4);
        }
    }

    [Fact]
    public void A_flattened_convolution_is_the_matrix_of_its_first_dimension_by_the_others()
    {
        LdAdamOptions options = Options(ErrorBuffer.OwnBuffer) with { Flatten = true };
        Parameter convolution = new("k", 6, 2, 3, 2);
        Parameter matrix = new("k", 6, 12);
        LdAdam first = new([convolution], options);
        LdAdam second = new([matrix], options);
        for (int step = 1; step <= 3; step++)
        {
            LowRankRuns.Step(first, step);
            LowRankRuns.Step(second, step);
        }

        Assert.Equal(matrix.Values.ToArray(), convolution.Values.ToArray());
        Assert.Equal([6, 2, 3, 2], LowRankRuns.ShapeOf(first, "k.error"));
        Assert.Equal([6, 3], LowRankRuns.ShapeOf(first, "k.basis"));
    }

    [Theory]
    [InlineData(ErrorBuffer.OwnBuffer)]
    [InlineData(ErrorBuffer.GradientBuffer)]
    public void What_is_kept_and_what_is_left_over_make_up_the_whole_at_the_first_step(ErrorBuffer buffer)
    {
        LdAdam optimizer = Make(buffer);
        Parameter tall = optimizer.Groups[0].Parameters[0];
        LowRankRuns.Give(tall, LowRankRuns.Gradient(tall, 1));
        double norm = LowRankRuns.Norm(tall.Gradient.Span);
        StepDiagnosis diagnosis = optimizer.Diagnose()!;
        optimizer.Step();
        IReadOnlyDictionary<string, double> figures = diagnosis.Of(tall);
        Assert.Equal(1 - figures["energyKept"], Math.Pow(figures["errorNorm"] / norm, 2), 1e-5);
        Assert.Equal(buffer == ErrorBuffer.OwnBuffer, figures.ContainsKey("errorToGradient"));
        Assert.Empty(diagnosis.Of(optimizer.Groups[0].Parameters[2]));
    }

    [Theory]
    [InlineData("rank", "0")]
    [InlineData("rho", "1")]
    [InlineData("rho", "-0.1")]
    [InlineData("epsilon", "0")]
    [InlineData("beta1", "1")]
    [InlineData("projectionSide", "full")]
    [InlineData("minLowRankSize", "-1")]
    public void Options_out_of_range_are_named(string name, string value)
    {
        ArgumentException refused = Assert.ThrowsAny<ArgumentException>(() => OptimizerCatalog.Get("ldadam").Create(
            [new NamedGroup([new Parameter("w", 4, 6)], [new(name, value), .. name == "rank" ? [] : (KeyValuePair<string, string>[])[new("rank", "2")]])]));
        Assert.Contains(name, refused.Message, StringComparison.Ordinal);
    }

    private static LdAdam Make(ErrorBuffer buffer, StepSettings? settings = null) => new(
        [new GroupOptions<LdAdamOptions>([LowRankRuns.Matrix("tall", 12, 7, seed: 1), LowRankRuns.Matrix("wide", 6, 10, seed: 2), new("bias", 9)], Options(buffer))],
        settings ?? new StepSettings { Threads = 2 });

    private static LdAdamOptions Options(ErrorBuffer buffer) => new() { LearningRate = 0.01, WeightDecay = 0.1, Rank = 3, ErrorBuffer = buffer };

    private static CheckpointContent Content(Optimizer optimizer)
    {
        CheckpointContent content = new();
        content.Add(optimizer);
        return content;
    }
}
