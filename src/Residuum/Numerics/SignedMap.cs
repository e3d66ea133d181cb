namespace Residuum.Numerics;

/// <summary><see cref="DynamicMap.Signed"/>.</summary>
internal readonly struct SignedMap : IMapSign
{
    public static DynamicMap Map => DynamicMap.Signed;

    public static bool IsSigned => true;
}
