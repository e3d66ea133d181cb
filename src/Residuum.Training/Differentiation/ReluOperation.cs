using System.Runtime.CompilerServices;
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
        ElementFunction<Relu>.Forward(tape, x, y);
        ReluOperation operation = tape.Rent<ReluOperation>();
        operation._x = x;
        return tape.Record(operation, y);
    }

    /// <inheritdoc/>
    public override void Backward(Tape tape) => ElementFunction<Relu>.Backward(tape, _x, Output);

    private readonly struct Relu : IElementFunction
    {
        // The order of the operands lets a NaN through, so that divergence stays visible.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TLanes Value<TLanes>(TLanes x)
            where TLanes : struct, ILanes<TLanes> => TLanes.Max(TLanes.All(0), x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TLanes Gradient<TLanes>(TLanes y, TLanes dy, TLanes before)
            where TLanes : struct, ILanes<TLanes> =>
            before + TLanes.Select(TLanes.GreaterThan(y, TLanes.All(0)), dy, TLanes.All(0));
    }
}
