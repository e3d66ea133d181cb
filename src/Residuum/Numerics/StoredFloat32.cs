using System.Runtime.CompilerServices;

namespace Residuum.Numerics;

/// <summary>Numbers kept as they are.</summary>
internal readonly struct StoredFloat32 : IStoredValue<float>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Read(float stored) => stored;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Store(float value) => value;
}
