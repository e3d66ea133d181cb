using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Residuum.Numerics;

namespace Residuum.Training.Differentiation;

/// <summary>Runs a function of every entry, forward and backward.</summary>
/// <typeparam name="TFunction">The function.</typeparam>
internal static class ElementFunction<TFunction>
    where TFunction : struct, IElementFunction
{
    /// <summary><c>y = f(x)</c>.</summary>
    public static void Forward(Tape tape, Tensor x, Tensor y) => tape.ForElements(new ForwardKernel(x, y), x.Length);

    /// <summary><c>dx = dy f'(x)</c>, added to what is there already.</summary>
    public static void Backward(Tape tape, Tensor x, Tensor y)
    {
        bool accumulate = tape.PrepareGradient(x);
        tape.ForElements(new BackwardKernel(x, y, accumulate), x.Length);
    }

    private readonly struct ForwardKernel(Tensor xTensor, Tensor yTensor) : ILaneKernel
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
                TFunction.Value(TLanes.Load(in x, i)).Store(ref y, i);
            }

            return i;
        }
    }

    private readonly struct BackwardKernel(Tensor xTensor, Tensor yTensor, bool accumulate) : ILaneKernel
    {
        [MethodImpl(LaneLoop.KernelOptions)]
        public nuint Run<TLanes>(nuint start, nuint end)
            where TLanes : struct, ILanes<TLanes>
        {
            ref float y = ref MemoryMarshal.GetReference(yTensor.Values);
            ref float dy = ref MemoryMarshal.GetReference(yTensor.Gradient);
            ref float dx = ref MemoryMarshal.GetReference(xTensor.Gradient);
            nuint i = start;
            for (; i + TLanes.Width <= end; i += TLanes.Width)
            {
                TLanes before = accumulate ? TLanes.Load(in dx, i) : TLanes.All(0);
                TFunction.Gradient(TLanes.Load(in y, i), TLanes.Load(in dy, i), before).Store(ref dx, i);
            }

            return i;
        }
    }
}
