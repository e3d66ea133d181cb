using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Residuum.Numerics;

namespace Residuum.Training.Differentiation;

/// <summary>The gate of a SwiGLU layer (Shazeer, arXiv:2002.05202): <c>y = silu(gate) up</c> with <c>silu(x) = x sigmoid(x)</c>.</summary>
/// <remarks>Backward, with s = sigmoid(gate): <c>dup = dy gate s</c>, <c>dgate = dy up s (1 + gate (1 - s))</c>.</remarks>
public sealed class SwiGluOperation : Operation
{
    private Tensor _gate = null!;
    private Tensor _up = null!;

    /// <summary>Applies the gate.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="gate">Any shape.</param>
    /// <param name="up">The same shape.</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public static Tensor Apply(Tape tape, Tensor gate, Tensor up)
    {
        ArgumentNullException.ThrowIfNull(tape);
        ArgumentNullException.ThrowIfNull(gate);
        ArgumentNullException.ThrowIfNull(up);
        ShapeMismatch.ThrowIf(!gate.Shape.SequenceEqual(up.Shape), "A gate", gate, up);
        Tensor y = tape.Result(gate.RequiresGradient || up.RequiresGradient, gate.Shape);
        tape.ForElements(new Forward(gate, up, y), y.Length);
        SwiGluOperation operation = tape.Rent<SwiGluOperation>();
        operation._gate = gate;
        operation._up = up;
        return tape.Record(operation, y);
    }

    /// <inheritdoc/>
    public override void Backward(Tape tape)
    {
        bool accumulateGate = tape.PrepareGradient(_gate);
        bool accumulateUp = tape.PrepareGradient(_up);
        tape.ForElements(new Gradient(_gate, _up, Output, accumulateGate, accumulateUp), _gate.Length);
    }

    private readonly struct Forward(Tensor gateTensor, Tensor upTensor, Tensor yTensor) : ILaneKernel
    {
        [MethodImpl(LaneLoop.KernelOptions)]
        public nuint Run<TLanes>(nuint start, nuint end)
            where TLanes : struct, ILanes<TLanes>
        {
            ref float gate = ref MemoryMarshal.GetReference(gateTensor.Values);
            ref float up = ref MemoryMarshal.GetReference(upTensor.Values);
            ref float y = ref MemoryMarshal.GetReference(yTensor.Values);
            nuint i = start;
            for (; i + TLanes.Width <= end; i += TLanes.Width)
            {
                TLanes x = TLanes.Load(in gate, i);
                (x * LaneMath.Sigmoid(x) * TLanes.Load(in up, i)).Store(ref y, i);
            }

            return i;
        }
    }

    private readonly struct Gradient(
        Tensor gateTensor, Tensor upTensor, Tensor yTensor, bool accumulateGate, bool accumulateUp) : ILaneKernel
    {
        [MethodImpl(LaneLoop.KernelOptions)]
        public nuint Run<TLanes>(nuint start, nuint end)
            where TLanes : struct, ILanes<TLanes>
        {
            ref float gate = ref MemoryMarshal.GetReference(gateTensor.Values);
            ref float up = ref MemoryMarshal.GetReference(upTensor.Values);
            ref float dgate = ref MemoryMarshal.GetReference(gateTensor.Gradient);
            ref float dup = ref MemoryMarshal.GetReference(upTensor.Gradient);
            ref float dyOrigin = ref MemoryMarshal.GetReference(yTensor.Gradient);
            TLanes zero = TLanes.All(0);
            TLanes one = TLanes.All(1);
            nuint i = start;
            for (; i + TLanes.Width <= end; i += TLanes.Width)
            {
                TLanes x = TLanes.Load(in gate, i);
                TLanes dy = TLanes.Load(in dyOrigin, i);
                TLanes s = LaneMath.Sigmoid(x);
                TLanes slope = s * TLanes.Fma(x, one - s, one);
                TLanes gateBefore = accumulateGate ? TLanes.Load(in dgate, i) : zero;
                TLanes upBefore = accumulateUp ? TLanes.Load(in dup, i) : zero;
                TLanes.Fma(dy * TLanes.Load(in up, i), slope, gateBefore).Store(ref dgate, i);
                TLanes.Fma(dy, x * s, upBefore).Store(ref dup, i);
            }

            return i;
        }
    }
}
