using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Residuum.Numerics;

/// <summary>Numbers rounded to bfloat16, kept as bit patterns.</summary>
internal readonly struct StoredBFloat16 : IStoredValue<ushort>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Read(ushort stored) => BFloat16.ToSingle(stored);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> ReadFour(ReadOnlySpan<ushort> stored) =>
        (Vector128.WidenLower(Vector64.Create(stored).ToVector128Unsafe()) << 16).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort Store(float value) => BFloat16.ToBits(value);
}
