using System.Runtime.CompilerServices;

namespace Residuum.Numerics;

/// <summary>Elementary functions of a register of lanes, the same bits at every width.</summary>
/// <remarks>
/// The polynomials of <see cref="Exp"/>, <see cref="Log"/> and <see cref="Tanh"/> are those of S. L. Moshier's Cephes library (single
/// precision). Not-a-number goes in and comes out; infinities give the limits; results round to denormals gradually.
/// </remarks>
public static class LaneMath
{
    // 1.5 * 2^23: a float of that size has a unit in the last place of 1, so adding it rounds to a whole number, held in the low bits.
    private const float Rounder = 12582912;
    private const int RounderBits = 0x4B400000;

    /// <summary>The exponential function, within 1.1 units in the last place.</summary>
    /// <typeparam name="TLanes">The register type.</typeparam>
    /// <param name="x">The argument.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Exp<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>
    {
        // Beyond these the result is 0 or infinity whatever the argument.
        x = TLanes.Min(TLanes.All(89), TLanes.Max(TLanes.All(-105), x));

        // x = n ln 2 + r, |r| <= ln 2 / 2, with ln 2 as a sum of two floats.
        TLanes rounded = TLanes.Fma(x, TLanes.All(1.44269504f), TLanes.All(Rounder));
        TLanes n = rounded - TLanes.All(Rounder);
        TLanes r = TLanes.Fma(n, TLanes.All(-0.693147182f), x);
        r = TLanes.Fma(n, TLanes.All(1.90465421e-9f), r);

        TLanes p = TLanes.Fma(TLanes.All(1.9875691500e-4f), r, TLanes.All(1.3981999507e-3f));
        p = TLanes.Fma(p, r, TLanes.All(8.3334519073e-3f));
        p = TLanes.Fma(p, r, TLanes.All(4.1665795894e-2f));
        p = TLanes.Fma(p, r, TLanes.All(1.6666665459e-1f));
        p = TLanes.Fma(p, r, TLanes.All(5.0000001201e-1f));
        TLanes y = TLanes.Fma(p, r * r, r) + TLanes.All(1);

        // 2^n as a product of two powers, each a normal number: only the last product rounds.
        TLanes whole = TLanes.AddBits(rounded, TLanes.AllBits(-RounderBits));
        TLanes below = TLanes.ShiftBitsRight(whole, 1);
        TLanes above = TLanes.ShiftBitsRight(TLanes.AddBits(whole, TLanes.AllBits(1)), 1);
        return y * PowerOfTwo(below) * PowerOfTwo(above);
    }

    /// <summary>The natural logarithm, within 1 unit in the last place; of 0 minus infinity, of negative numbers not-a-number.</summary>
    /// <typeparam name="TLanes">The register type.</typeparam>
    /// <param name="x">The argument.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Log<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>
    {
        const int rootHalfBits = 0x3F3504F3;
        TLanes zero = TLanes.All(0);
        TLanes isDenormal = TLanes.GreaterThan(TLanes.All(1.17549435e-38f), x);
        TLanes normal = TLanes.Select(isDenormal, x * TLanes.All(8388608), x);

        // x = 2^e m with m from sqrt(1/2) to sqrt(2).
        TLanes bits = TLanes.AddBits(normal, TLanes.AllBits(0x3F800000 - rootHalfBits));
        TLanes exponent = TLanes.AddBits(TLanes.ShiftBitsRight(bits, 23), TLanes.AllBits(RounderBits - 127));
        TLanes e = exponent - TLanes.All(Rounder) - TLanes.Select(isDenormal, TLanes.All(23), zero);
        TLanes m = TLanes.AddBits(TLanes.AndBits(bits, TLanes.AllBits(0x007FFFFF)), TLanes.AllBits(rootHalfBits));

        TLanes f = m - TLanes.All(1);
        TLanes square = f * f;
        TLanes p = TLanes.Fma(TLanes.All(7.0376836292e-2f), f, TLanes.All(-1.1514610310e-1f));
        p = TLanes.Fma(p, f, TLanes.All(1.1676998740e-1f));
        p = TLanes.Fma(p, f, TLanes.All(-1.2420140846e-1f));
        p = TLanes.Fma(p, f, TLanes.All(1.4249322787e-1f));
        p = TLanes.Fma(p, f, TLanes.All(-1.6668057665e-1f));
        p = TLanes.Fma(p, f, TLanes.All(2.0000714765e-1f));
        p = TLanes.Fma(p, f, TLanes.All(-2.4999993993e-1f));
        p = TLanes.Fma(p, f, TLanes.All(3.3333331174e-1f));
        TLanes y = TLanes.Fma(e, TLanes.All(-2.12194440e-4f), p * f * square);
        y = TLanes.Fma(TLanes.All(-0.5f), square, y);
        y = TLanes.Fma(e, TLanes.All(0.693359375f), f + y);

        y = TLanes.Select(TLanes.GreaterThan(x, TLanes.All(float.MaxValue)), x, y);
        y = TLanes.Select(TLanes.EqualTo(x, zero), TLanes.All(float.NegativeInfinity), y);
        y = TLanes.Select(TLanes.GreaterThan(zero, x), TLanes.All(float.NaN), y);
        return TLanes.Select(TLanes.EqualTo(x, x), y, x);
    }

    /// <summary>The hyperbolic tangent, within 2 units in the last place.</summary>
    /// <typeparam name="TLanes">The register type.</typeparam>
    /// <param name="x">The argument.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Tanh<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes magnitude = TLanes.Abs(x);
        TLanes z = x * x;
        TLanes p = TLanes.Fma(TLanes.All(-5.70498872745e-3f), z, TLanes.All(2.06390887954e-2f));
        p = TLanes.Fma(p, z, TLanes.All(-5.37397155531e-2f));
        p = TLanes.Fma(p, z, TLanes.All(1.33314422036e-1f));
        p = TLanes.Fma(p, z, TLanes.All(-3.33332819422e-1f));
        TLanes near = TLanes.Fma(p * z, x, x);

        // 1 - 2 / (exp(2 |x|) + 1); both branches get the sign of x at the end.
        TLanes far = TLanes.All(1) - TLanes.All(2) / (Exp(magnitude + magnitude) + TLanes.All(1));
        TLanes y = TLanes.Select(TLanes.GreaterThan(TLanes.All(0.625f), magnitude), near, far);
        return TLanes.OrBits(y, TLanes.AndBits(x, TLanes.AllBits(int.MinValue)));
    }

    /// <summary>The logistic function <c>1 / (1 + exp(-x))</c>, within 3 units in the last place also where it is tiny.</summary>
    /// <typeparam name="TLanes">The register type.</typeparam>
    /// <param name="x">The argument.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Sigmoid<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes zero = TLanes.All(0);
        TLanes small = Exp(zero - TLanes.Abs(x));
        TLanes numerator = TLanes.Select(TLanes.GreaterThan(zero, x), small, TLanes.All(1));
        return numerator / (TLanes.All(1) + small);
    }

    /// <summary>2 to the power of the whole number that the bits of each lane are, from -126 to 127.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes PowerOfTwo<TLanes>(TLanes exponentBits)
        where TLanes : struct, ILanes<TLanes> => TLanes.ShiftBitsLeft(TLanes.AddBits(exponentBits, TLanes.AllBits(127)), 23);
}
