using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Residuum.Numerics;

namespace Residuum.Training.Differentiation;

/// <summary>The rectified linear unit, <c>y = max(x, 0)</c>. Backward: <c>dx = dy</c> where y is positive, else 0.</summary>
public sealed class ReluOperation : Operation
{
    private Tensor _x = null!;

    /// <summary>Rectifies every entry.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="x">Any shape.</param>
    public static Tensor Apply(Tape tape, Tensor x)
    {
        ArgumentNullException.ThrowIfNull(tape);
        ArgumentNullException.ThrowIfNull(x);
        Tensor y = tape.Result(x.RequiresGradient, x.Shape);
        tape.ForElements(new Forward(x, y), x.Length);
        ReluOperation operation = tape.Rent<ReluOperation>();
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
            TLanes zero = TLanes.All(0);
            nuint i = start;
            for (; i + TLanes.Width <= end; i += TLanes.Width)
            {
                // The order of the operands lets a NaN through, so that divergence stays visible.
                TLanes.Max(zero, TLanes.Load(in x, i)).Store(ref y, i);
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
            ref float y = ref MemoryMarshal.GetReference(yTensor.Values);
            ref float dy = ref MemoryMarshal.GetReference(yTensor.Gradient);
            ref float dx = ref MemoryMarshal.GetReference(xTensor.Gradient);
            TLanes zero = TLanes.All(0);
            nuint i = start;
            for (; i + TLanes.Width <= end; i += TLanes.Width)
            {
                TLanes before = accumulate ? TLanes.Load(in dx, i) : zero;
                TLanes passed = TLanes.Select(TLanes.GreaterThan(TLanes.Load(in y, i), zero), TLanes.Load(in dy, i), zero);
                (before + passed).Store(ref dx, i);
            }

            return i;
        }
    }
}
