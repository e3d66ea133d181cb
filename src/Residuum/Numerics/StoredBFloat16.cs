using System.Runtime.CompilerServices;

namespace Residuum.Numerics;

/// <summary>Numbers rounded to bfloat16, kept as bit patterns.</summary>
internal readonly struct StoredBFloat16 : IStoredValue<ushort>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Read(ushort stored) => BFloat16.ToSingle(stored);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort Store(float value) => BFloat16.ToBits(value);
}
