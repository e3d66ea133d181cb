using Residuum.Training.Differentiation;

namespace Residuum.Training.Tests.Differentiation;

/// <summary>A loss that gives every entry of a tensor its own derivative: the sum of the entries times given weights.</summary>
public sealed class WeighedSumOperation : Operation
{
    private Tensor _x = null!;
    private float[] _weights = null!;

    public static double Sum(Tensor x, float[] weights)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum += (double)weights[i] * x.Values[i];
        }

        return sum;
    }

    public static Tensor Apply(Tape tape, Tensor x, float[] weights)
    {
        Tensor y = tape.Result(x.RequiresGradient, []);
        y.Values[0] = (float)Sum(x, weights);
        WeighedSumOperation operation = tape.Rent<WeighedSumOperation>();
        operation._x = x;
        operation._weights = weights;
        return tape.Record(operation, y);
    }

    public override void Backward(Tape tape)
    {
        Span<float> dx = tape.GradientToAddTo(_x);
        for (int i = 0; i < dx.Length; i++)
        {
            dx[i] += _weights[i] * Output.Gradient[0];
        }
    }
}
