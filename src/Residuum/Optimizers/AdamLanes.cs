using System.Runtime.CompilerServices;
using Residuum.Numerics;

namespace Residuum.Optimizers;

/// <summary>Equations (1) to (3) of <see cref="AdamW"/> in registers.</summary>
/// <typeparam name="TLanes">The register type.</typeparam>
/// <param name="s">What all entries have in common.</param>
[method: MethodImpl(MethodImplOptions.AggressiveInlining)]
internal readonly struct AdamLanes<TLanes>(AdamScalars s)
    where TLanes : struct, ILanes<TLanes>
{
    private readonly TLanes _beta1 = TLanes.All(s.Beta1);
    private readonly TLanes _rest1 = TLanes.All(s.Rest1);
    private readonly TLanes _beta2 = TLanes.All(s.Beta2);
    private readonly TLanes _rest2 = TLanes.All(s.Rest2);
    private readonly TLanes _eta = TLanes.All(s.Eta);
    private readonly TLanes _root = TLanes.All(s.Root);
    private readonly TLanes _epsilon = TLanes.All(s.Epsilon);
    private readonly TLanes _decay = TLanes.All(s.Decay);

    /// <summary>(1): the first moment after a gradient.</summary>
    /// <param name="m">The moment before.</param>
    /// <param name="g">The gradient.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes First(TLanes m, TLanes g) => TLanes.Fma(_beta1, m, _rest1 * g);

    /// <summary>(2): the second moment after a gradient.</summary>
    /// <param name="v">The moment before.</param>
    /// <param name="g">The gradient.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Second(TLanes v, TLanes g) => TLanes.Fma(_beta2, v, _rest2 * (g * g));

    /// <summary>(3): what the weights go down by; eta and root hold the bias corrections.</summary>
    /// <param name="m">The new first moments.</param>
    /// <param name="v">The new second moments.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Step(TLanes m, TLanes v) => _eta * m / TLanes.Fma(TLanes.Sqrt(v), _root, _epsilon);

    /// <summary>(3): the weights after a step.</summary>
    /// <param name="w">The weights before.</param>
    /// <param name="m">The new first moments.</param>
    /// <param name="v">The new second moments.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Descend(TLanes w, TLanes m, TLanes v) => (_decay * w) - Step(m, v);
}
