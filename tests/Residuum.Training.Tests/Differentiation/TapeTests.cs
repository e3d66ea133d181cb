using Residuum.Numerics;
using Residuum.Training.Differentiation;

namespace Residuum.Training.Tests.Differentiation;

public sealed class TapeTests
{
    private readonly Tape _tape = new(new WorkSharing(1), seed: 4);

    [Fact]
    public void A_parameter_that_is_not_used_stays_without_a_gradient()
    {
        Parameter used = GradientCheck.Parameter("used", 1, 3);
        Parameter unused = GradientCheck.Parameter("unused", 2, 3);
        used.HasGradient = false;
        unused.HasGradient = false;
        _tape.Begin(0, training: true);
        _tape.Use(unused);
        _tape.Backward(WeighedSumOperation.Apply(_tape, TanhOperation.Apply(_tape, _tape.Use(used)), [1, 1, 1]));
        Assert.True(used.HasGradient);
        Assert.False(unused.HasGradient);
    }

    /// <summary>
    /// Two layers, the first parameter used in both: it is complete only when the backward pass has reached its first use.
    /// </summary>
    [Fact]
    public void Gradients_are_taken_as_soon_as_they_are_complete()
    {
        Parameter shared = GradientCheck.Parameter("shared", 1, 3, 3);
        Parameter inner = GradientCheck.Parameter("inner", 2, 3, 3);
        Parameter unused = GradientCheck.Parameter("unused", 3, 3);
        Parameter outer = GradientCheck.Parameter("outer", 4, 1, 3);
        Tensor Loss(Tape tape)
        {
            tape.Begin(0, training: true);
            Tensor h = LinearOperation.Apply(tape, tape.Input([1, 2, 3], 1, 3), tape.Use(shared));
            h = LinearOperation.Apply(tape, TanhOperation.Apply(tape, h), tape.Use(inner));
            tape.Use(unused);
            h = LinearOperation.Apply(tape, TanhOperation.Apply(tape, h), tape.Use(shared));
            return LinearOperation.Apply(tape, h, tape.Use(outer));
        }

        Parameter[] parameters = [shared, inner, unused, outer];
        foreach (Parameter parameter in parameters)
        {
            parameter.HasGradient = false;
        }

        _tape.Backward(Loss(_tape));
        float[][] expected = [.. parameters.Select(parameter => parameter.Gradient.ToArray())];

        foreach (Parameter parameter in parameters)
        {
            parameter.Gradient = default;
        }

        RecordingHolder holder = new();
        Tape tape = new(new WorkSharing(1), seed: 4, holder);
        tape.Backward(Loss(tape));
        Assert.Equal(
            ["lend outer", "take outer", "lend shared", "take unused", "lend inner", "take inner", "take shared"], holder.Events.Distinct());
        Assert.Equal(expected[0], holder.Taken["shared"]);
        Assert.Equal(expected[1], holder.Taken["inner"]);
        Assert.Equal(expected[3], holder.Taken["outer"]);
    }

    /// <summary>
    /// What an operation reads it has twice, a layer behind an input once: its backward pass needs no values. Tables likewise.
    /// </summary>
    [Fact]
    public void Values_are_lent_for_the_operations_that_read_them()
    {
        Parameter table = GradientCheck.Parameter("table", 1, 4, 3);
        Parameter first = GradientCheck.Parameter("first", 2, 3, 3);
        Parameter bias = GradientCheck.Parameter("bias", 3, 3);
        Parameter last = GradientCheck.Parameter("last", 4, 1, 3);
        LendingHolder holder = new([table, first, bias, last]);
        Tape tape = new(new WorkSharing(1), seed: 4, gradients: null, holder);
        tape.Begin(0, training: true);
        Tensor rows = EmbeddingOperation.Apply(tape, tape.Use(table), new[] { 2 }, 1);
        Tensor h = LinearOperation.Apply(tape, tape.Input([1, 2, 3], 1, 3), tape.Use(first), tape.Use(bias));
        h = LinearOperation.Apply(tape, AddOperation.Apply(tape, h, rows), tape.Use(first), tape.Use(bias));
        tape.Backward(LinearOperation.Apply(tape, h, tape.Use(last)));
        Assert.Equal(["table", "first", "bias", "first", "bias", "last", "last", "bias", "first"], holder.Events);
    }

    /// <summary>The values of the first use are gone: the operation must not read what is in their memory now.</summary>
    [Fact]
    public void Values_that_returned_cannot_be_read()
    {
        Parameter early = GradientCheck.Parameter("early", 1, 3, 3);
        Parameter late = GradientCheck.Parameter("late", 2, 3, 3);
        Tape tape = new(new WorkSharing(1), seed: 4, gradients: null, new LendingHolder([early, late]));
        tape.Begin(0, training: true);
        Tensor used = tape.Use(early);
        Tensor h = LinearOperation.Apply(tape, tape.Input([1, 2, 3], 1, 3), tape.Use(late));
        Assert.True(used.Values.IsEmpty);
        Assert.Equal(9, used.Length);
        Assert.ThrowsAny<ArgumentException>(() => LinearOperation.Apply(tape, h, used));
    }

    [Fact]
    public void Evaluation_records_nothing_and_cannot_be_differentiated()
    {
        Parameter x = GradientCheck.Parameter("x", 1, 3);
        _tape.Begin(0, training: false);
        Tensor loss = WeighedSumOperation.Apply(_tape, _tape.Use(x), [1, 1, 1]);
        Assert.False(loss.RequiresGradient);
        Assert.Throws<InvalidOperationException>(() => _tape.Backward(loss));
    }

    [Fact]
    public void A_loss_has_one_entry()
    {
        Parameter x = GradientCheck.Parameter("x", 1, 3);
        _tape.Begin(0, training: true);
        Tensor y = TanhOperation.Apply(_tape, _tape.Use(x));
        ArgumentException exception = Assert.Throws<ArgumentException>(() => _tape.Backward(y));
        Assert.Contains("[3]", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_named()
    {
        _tape.Begin(0, training: true);
        Tensor x = _tape.Input(new float[6], 2, 3);
        Tensor w = _tape.Input(new float[8], 2, 4);
        ArgumentException exception = Assert.Throws<ArgumentException>(() => LinearOperation.Apply(_tape, x, w));
        Assert.Contains("[2,3]", exception.Message, StringComparison.Ordinal);
        Assert.Contains("[2,4]", exception.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => _tape.Input(new float[5], 2, 3));
        Assert.Throws<ArgumentException>(() => CrossEntropyOperation.Apply(_tape, x, new[] { 0, 3 }));
        Assert.Throws<ArgumentException>(() => CrossEntropyOperation.Apply(_tape, x, new[] { -1, -1 }));
        Assert.Throws<ArgumentException>(() => EmbeddingOperation.Apply(_tape, x, new[] { 2 }, 1));
        Tensor one = _tape.Input([1], 1);
        Assert.Throws<ArgumentException>(() => BatchNormOperation.Apply(_tape, one, one, one, new float[1], new float[1]));
        Assert.Throws<ArgumentException>(() => EmbeddingBagOperation.Apply(_tape, x, new[] { 0, 1 }, new[] { 0, 1 }));
    }

    [Fact]
    public void Dropout_drops_the_share_scales_the_rest_and_depends_on_step_and_stream_alone()
    {
        float[] ones = new float[100_000];
        ones.AsSpan().Fill(1);
        float[] first = Drop(ones, step: 3, stream: 8);
        Assert.Equal(first, Drop(ones, step: 3, stream: 8));
        Assert.NotEqual(first, Drop(ones, step: 4, stream: 8));
        Assert.NotEqual(first, Drop(ones, step: 3, stream: 9));

        // 100,000 draws of share 0.25: five standard deviations are 685.
        Assert.InRange(first.Count(value => value == 0), 25_000 - 685, 25_000 + 685);
        Assert.All(first, value => Assert.True(value is 0 or 1 / 0.75f));
    }

    [Fact]
    public void Dropout_does_nothing_in_evaluation()
    {
        _tape.Begin(0, training: false);
        Tensor x = _tape.Input([1, 2, 3], 3);
        Assert.Same(x, DropoutOperation.Apply(_tape, x, share: 0.5f, stream: 1));
    }

    private float[] Drop(float[] values, long step, ulong stream)
    {
        _tape.Begin(step, training: true);
        return DropoutOperation.Apply(_tape, _tape.Input(values, values.Length), share: 0.25f, stream).Values.ToArray();
    }
}
