using Residuum.Training.Differentiation;

namespace Residuum.Training.Tests.Differentiation;

/// <summary>A loss that gives every entry of a tensor its own derivative: the sum of the entries times fixed random weights.</summary>
public sealed class WeighedSumOperation : Operation
{
    private Tensor _x = null!;

    public static double Sum(Tensor x)
    {
        float[] weights = GradientCheck.Normal(x.Length, stream: 99);
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum += (double)weights[i] * x.Values[i];
        }

        return sum;
    }

    public static Tensor Apply(Tape tape, Tensor x)
    {
        Tensor y = tape.Result(x.RequiresGradient, []);
        y.Values[0] = (float)Sum(x);
        WeighedSumOperation operation = tape.Rent<WeighedSumOperation>();
        operation._x = x;
        return tape.Record(operation, y);
    }

    public override void Backward(Tape tape)
    {
        float[] weights = GradientCheck.Normal(_x.Length, stream: 99);
        Span<float> dx = tape.GradientToAddTo(_x);
        for (int i = 0; i < dx.Length; i++)
        {
            dx[i] += weights[i] * Output.Gradient[0];
        }
    }
}
