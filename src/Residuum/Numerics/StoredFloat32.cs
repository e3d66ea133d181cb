using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Residuum.Numerics;

/// <summary>Numbers kept as they are.</summary>
internal readonly struct StoredFloat32 : IStoredValue<float>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Read(float stored) => stored;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> ReadFour(ReadOnlySpan<float> stored) => Vector128.Create(stored);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Store(float value) => value;
}
