using Residuum.Numerics;

namespace Residuum.Training.Differentiation;

/// <summary>A function y = f(x) that is applied to every entry, and whose derivative is known from y.</summary>
internal interface IElementFunction
{
    /// <summary>f(x).</summary>
    static abstract TLanes Value<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>;

    /// <summary><c>before + dy f'(x)</c>, with f'(x) from y.</summary>
    static abstract TLanes Gradient<TLanes>(TLanes y, TLanes dy, TLanes before)
        where TLanes : struct, ILanes<TLanes>;
}
