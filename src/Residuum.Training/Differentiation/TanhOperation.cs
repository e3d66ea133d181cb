using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Residuum.Numerics;

namespace Residuum.Training.Differentiation;

/// <summary>The hyperbolic tangent. Backward: <c>dx = dy (1 - y²)</c>.</summary>
public sealed class TanhOperation : Operation
{
    private Tensor _x = null!;

    /// <summary>Applies the function to every entry.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="x">Any shape.</param>
    public static Tensor Apply(Tape tape, Tensor x)
    {
        ArgumentNullException.ThrowIfNull(tape);
        ArgumentNullException.ThrowIfNull(x);
        Tensor y = tape.Result(x.RequiresGradient, x.Shape);
        tape.ForElements(new Forward(x, y), x.Length);
        TanhOperation operation = tape.Rent<TanhOperation>();
        operation._x = x;
        return tape.Record(operation, y);
    }

    /// <inheritdoc/>
    public override void Backward(Tape tape)
    {
        bool accumulate = tape.PrepareGradient(_x);
        tape.ForElements(new Gradient(_x, Output, accumulate), _x.Length);
    }

    private readonly struct Forward(Tensor xTensor, Tensor yTensor) : ILaneKernel
    {
        [MethodImpl(LaneLoop.KernelOptions)]
        public nuint Run<TLanes>(nuint start, nuint end)
            where TLanes : struct, ILanes<TLanes>
        {
            ref float x = ref MemoryMarshal.GetReference(xTensor.Values);
            ref float y = ref MemoryMarshal.GetReference(yTensor.Values);
            nuint i = start;
            for (; i + TLanes.Width <= end; i += TLanes.Width)
            {
                LaneMath.Tanh(TLanes.Load(in x, i)).Store(ref y, i);
            }

            return i;
        }
    }

    private readonly struct Gradient(Tensor xTensor, Tensor yTensor, bool accumulate) : ILaneKernel
    {
        [MethodImpl(LaneLoop.KernelOptions)]
        public nuint Run<TLanes>(nuint start, nuint end)
            where TLanes : struct, ILanes<TLanes>
        {
            ref float yOrigin = ref MemoryMarshal.GetReference(yTensor.Values);
            ref float dy = ref MemoryMarshal.GetReference(yTensor.Gradient);
            ref float dx = ref MemoryMarshal.GetReference(xTensor.Gradient);
            TLanes one = TLanes.All(1);
            nuint i = start;
            for (; i + TLanes.Width <= end; i += TLanes.Width)
            {
                TLanes before = accumulate ? TLanes.Load(in dx, i) : TLanes.All(0);
                TLanes y = TLanes.Load(in yOrigin, i);
                TLanes.Fma(TLanes.Load(in dy, i), one - (y * y), before).Store(ref dx, i);
            }

            return i;
        }
    }
}
