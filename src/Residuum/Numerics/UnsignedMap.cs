namespace Residuum.Numerics;

/// <summary><see cref="DynamicMap.Unsigned"/>.</summary>
internal readonly struct UnsignedMap : IMapSign
{
    public static DynamicMap Map => DynamicMap.Unsigned;

    public static bool IsSigned => false;
}
