namespace Residuum.Numerics;

/// <summary>
/// A function of one number, written once over lanes; <see cref="Elementary.Map{TFunction}(ReadOnlySpan{float}, Span{float})"/> applies
/// it to spans.
/// </summary>
public interface ILaneFunction
{
    /// <summary>The function's value in every lane.</summary>
    /// <typeparam name="TLanes">The register type.</typeparam>
    /// <param name="x">The argument.</param>
    static abstract TLanes Apply<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>;
}
