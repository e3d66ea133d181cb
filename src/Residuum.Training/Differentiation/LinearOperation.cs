using Residuum.Numerics;

namespace Residuum.Training.Differentiation;

/// <summary><c>Y = X Wᵀ + b</c>: each row of X times the weight matrix, plus an optional bias.</summary>
/// <remarks>Backward: <c>dX = dY W</c>, <c>dW = dYᵀ X</c>, db = the column sums of dY.</remarks>
public sealed class LinearOperation : Operation
{
    private Tensor _x = null!;
    private Tensor _weight = null!;
    private Tensor? _bias;

    /// <summary>Multiplies.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="x">Shape [..., inputs].</param>
    /// <param name="weight">Shape [outputs, inputs].</param>
    /// <param name="bias">Shape [outputs], or null for none.</param>
    /// <returns>Shape [..., outputs].</returns>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static Tensor Apply(Tape tape, Tensor x, Tensor weight, Tensor? bias = null)
    {
        ArgumentNullException.ThrowIfNull(tape);
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(weight);
        ShapeMismatch.ThrowIf(weight.Shape.Length != 2 || weight.Columns != x.Columns, "A linear map", x, weight);
        int outputs = weight.Rows;
        bool requiresGradient = x.RequiresGradient || weight.RequiresGradient || bias is { RequiresGradient: true };
        Tensor y = tape.ResultOfWidth(requiresGradient, x.Shape[..^1], outputs);
        if (bias is not null)
        {
            ShapeMismatch.ThrowIf(bias.Length != outputs, "A linear map", weight, bias);
            FillRows(y, bias.Values);
        }

        MatrixProduct.Multiply(
            x.Values,
            x.Layout,
            weight.Values,
            weight.Layout.Transpose(),
            y.Values,
            y.Layout,
            tape.Work,
            beta: bias is null ? 0 : 1);

        LinearOperation operation = tape.Rent<LinearOperation>();
        operation._x = x;
        operation._weight = weight;
        operation._bias = bias;
        return tape.Record(operation, y);
    }

    /// <inheritdoc/>
    internal override bool BackwardReadsParameters => _x.RequiresGradient;

    /// <inheritdoc/>
    public override void Backward(Tape tape)
    {
        Tensor dy = Output;
        if (_x.RequiresGradient)
        {
            float beta = tape.PrepareGradient(_x) ? 1 : 0;
            MatrixProduct.Multiply(dy.Gradient, dy.Layout, _weight.Values, _weight.Layout, _x.Gradient, _x.Layout, tape.Work, beta: beta);
        }

        if (_weight.RequiresGradient)
        {
            float beta = tape.PrepareGradient(_weight) ? 1 : 0;
            MatrixProduct.Multiply(
                dy.Gradient, dy.Layout.Transpose(), _x.Values, _x.Layout, _weight.Gradient, _weight.Layout, tape.Work, beta: beta);
        }

        if (_bias is { RequiresGradient: true })
        {
            ColumnSums.AddGradient(tape, Output, tape.GradientToAddTo(_bias));
        }
    }

    private static void FillRows(Tensor y, ReadOnlySpan<float> row)
    {
        Span<float> values = y.Values;
        for (int start = 0; start < values.Length; start += row.Length)
        {
            row.CopyTo(values[start..]);
        }
    }
}
