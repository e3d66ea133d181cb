namespace Residuum.Training.Differentiation;

/// <summary>The same entries in another shape, as a copy. Backward: <c>dx = dy</c>.</summary>
public sealed class ReshapeOperation : Operation
{
    private Tensor _x = null!;

    /// <summary>Copies the entries.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="x">Any shape.</param>
    /// <param name="shape">A shape of as many entries.</param>
    /// <exception cref="ArgumentException">The numbers of entries differ.</exception>
    public static Tensor Apply(Tape tape, Tensor x, params ReadOnlySpan<int> shape)
    {
        ArgumentNullException.ThrowIfNull(tape);
        ArgumentNullException.ThrowIfNull(x);
        if (TensorShape.ElementCount(shape, "reshaped") != x.Length)
        {
            throw new ArgumentException(
                $"A tensor of shape {TensorShape.Format(x.Shape)} cannot take the shape {TensorShape.Format(shape)}.", nameof(shape));
        }

        Tensor y = tape.Result(x.RequiresGradient, shape);
        x.Values.CopyTo(y.Values);
        ReshapeOperation operation = tape.Rent<ReshapeOperation>();
        operation._x = x;
        return tape.Record(operation, y);
    }

    /// <inheritdoc/>
    public override void Backward(Tape tape)
    {
        ReadOnlySpan<float> dy = Output.Gradient;
        Span<float> dx = tape.GradientToAddTo(_x);
        for (int i = 0; i < dx.Length; i++)
        {
            dx[i] += dy[i];
        }
    }
}
