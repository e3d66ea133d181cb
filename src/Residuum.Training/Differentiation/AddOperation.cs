using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Residuum.Numerics;

namespace Residuum.Training.Differentiation;

/// <summary>The sum of two tensors of one shape, as around a residual branch. Backward: both get dy.</summary>
public sealed class AddOperation : Operation
{
    private Tensor _left = null!;
    private Tensor _right = null!;

    /// <summary>Adds.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="left">Any shape.</param>
    /// <param name="right">The same shape.</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public static Tensor Apply(Tape tape, Tensor left, Tensor right)
    {
        ArgumentNullException.ThrowIfNull(tape);
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        ShapeMismatch.ThrowIf(!left.Shape.SequenceEqual(right.Shape), "A sum", left, right);
        Tensor y = tape.Result(left.RequiresGradient || right.RequiresGradient, left.Shape);
        tape.ForElements(new Forward(left, right, y), y.Length);
        AddOperation operation = tape.Rent<AddOperation>();
        operation._left = left;
        operation._right = right;
        return tape.Record(operation, y);
    }

    /// <inheritdoc/>
    public override void Backward(Tape tape)
    {
        PassOn(tape, _left);
        PassOn(tape, _right);
    }

    private void PassOn(Tape tape, Tensor x)
    {
        if (!x.RequiresGradient)
        {
            return;
        }

        if (tape.PrepareGradient(x))
        {
            tape.ForElements(new Accumulate(Output, x), x.Length);
        }
        else
        {
            Output.Gradient.CopyTo(x.Gradient);
        }
    }

    private readonly struct Forward(Tensor leftTensor, Tensor rightTensor, Tensor yTensor) : ILaneKernel
    {
        [MethodImpl(LaneLoop.KernelOptions)]
        public nuint Run<TLanes>(nuint start, nuint end)
            where TLanes : struct, ILanes<TLanes>
        {
            ref float left = ref MemoryMarshal.GetReference(leftTensor.Values);
            ref float right = ref MemoryMarshal.GetReference(rightTensor.Values);
            ref float y = ref MemoryMarshal.GetReference(yTensor.Values);
            nuint i = start;
            for (; i + TLanes.Width <= end; i += TLanes.Width)
            {
                (TLanes.Load(in left, i) + TLanes.Load(in right, i)).Store(ref y, i);
            }

            return i;
        }
    }

    private readonly struct Accumulate(Tensor yTensor, Tensor xTensor) : ILaneKernel
    {
        [MethodImpl(LaneLoop.KernelOptions)]
        public nuint Run<TLanes>(nuint start, nuint end)
            where TLanes : struct, ILanes<TLanes>
        {
            ref float dy = ref MemoryMarshal.GetReference(yTensor.Gradient);
            ref float dx = ref MemoryMarshal.GetReference(xTensor.Gradient);
            nuint i = start;
            for (; i + TLanes.Width <= end; i += TLanes.Width)
            {
                (TLanes.Load(in dx, i) + TLanes.Load(in dy, i)).Store(ref dx, i);
            }

            return i;
        }
    }
}
