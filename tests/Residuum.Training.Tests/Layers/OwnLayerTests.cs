using Residuum.Training.Differentiation;
using Residuum.Training.Layers;
using Residuum.Training.Tests.Differentiation;

namespace Residuum.Training.Tests.Layers;

/// <summary>
/// A layer and an operation of one's own, as the documentation of <see cref="Layer"/> and <see cref="Operation"/> shows them.
/// </summary>
public sealed class OwnLayerTests
{
    [Fact]
    public void An_own_layer_has_named_parameters_and_trains()
    {
        Squares model = new(new LayerScope(seed: 1), width: 3);
        Assert.Equal(["linear.weight", "linear.bias", "scale"], model.Parameters.Select(parameter => parameter.Name));
        Assert.Equal(["seen"], model.Buffers.Select(buffer => buffer.Name));
        float[] inputs = GradientCheck.Normal(6, stream: 1);
        GradientCheck.Verify(t => model.Forward(t, t.Input(inputs, 2, 3)), model.Parameters);
    }

    [Fact]
    public void The_name_determines_the_initial_values()
    {
        Squares inner = new(new LayerScope(seed: 1).Of("inner"), width: 3);
        Squares other = new(new LayerScope(seed: 1).Of("other"), width: 3);
        Assert.Equal("inner.linear.weight", inner.Parameters[0].Name);
        Assert.NotEqual(inner.Parameters[0].Values.ToArray(), other.Parameters[0].Values.ToArray());
    }

    private sealed class Squares : Layer
    {
        private readonly Linear _linear;
        private readonly Parameter _scale;
        private readonly LayerBuffer _seen;

        public Squares(LayerScope scope, int width)
            : base(scope)
        {
            _linear = Add(new Linear(scope.Of("linear"), width, width));
            _scale = AddParameter("scale", Initialization.Uniform(1), 2, width);
            _seen = AddBuffer("seen", value: 0, 1);
        }

        public Tensor Forward(Tape tape, Tensor x)
        {
            _seen.Values.Span[0] += x.Rows;
            return AddOperation.Apply(tape, SquareOperation.Apply(tape, _linear.Forward(tape, x)), tape.Use(_scale));
        }
    }

    private sealed class SquareOperation : Operation
    {
        private Tensor _x = null!;

        public static Tensor Apply(Tape tape, Tensor x)
        {
            Tensor y = tape.Result(x.RequiresGradient, x.Shape);
            for (int i = 0; i < x.Length; i++)
            {
                y.Values[i] = x.Values[i] * x.Values[i];
            }

            SquareOperation operation = tape.Rent<SquareOperation>();
            operation._x = x;
            return tape.Record(operation, y);
        }

        public override void Backward(Tape tape)
        {
            Span<float> dx = tape.GradientToAddTo(_x);
            for (int i = 0; i < dx.Length; i++)
            {
                dx[i] += 2 * _x.Values[i] * Output.Gradient[i];
            }
        }
    }
}
