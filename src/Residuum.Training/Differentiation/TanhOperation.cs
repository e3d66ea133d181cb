using System.Runtime.CompilerServices;
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
        ElementFunction<HyperbolicTangent>.Forward(tape, x, y);
        TanhOperation operation = tape.Rent<TanhOperation>();
        operation._x = x;
        return tape.Record(operation, y);
    }

    /// <inheritdoc/>
    public override void Backward(Tape tape) => ElementFunction<HyperbolicTangent>.Backward(tape, _x, Output);

    private readonly struct HyperbolicTangent : IElementFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TLanes Value<TLanes>(TLanes x)
            where TLanes : struct, ILanes<TLanes> => LaneMath.Tanh(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TLanes Gradient<TLanes>(TLanes y, TLanes dy, TLanes before)
            where TLanes : struct, ILanes<TLanes> => TLanes.Fma(dy, TLanes.All(1) - (y * y), before);
    }
}
