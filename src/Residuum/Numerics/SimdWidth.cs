using System.Runtime.Intrinsics;

namespace Residuum.Numerics;

/// <summary>How many float32 lanes the kernels of this process use: 16, 8 or 1.</summary>
/// <remarks>
/// Chosen once from what the hardware accelerates. The environment variable <c>RESIDUUM_SIMD</c> (<c>scalar</c>, <c>256</c>, <c>512</c>)
/// forces a width; every width gives the same bits.
/// </remarks>
public static class SimdWidth
{
    /// <summary>The width in lanes.</summary>
    public static int Lanes { get; } = Choose(Environment.GetEnvironmentVariable("RESIDUUM_SIMD"));

    private static int Choose(string? forced) => forced switch
    {
        null or "" => Vector512.IsHardwareAccelerated ? 16 : Vector256.IsHardwareAccelerated ? 8 : 1,
        "scalar" => 1,
        "256" => 8,
        "512" => 16,
        _ => throw new InvalidOperationException($"The environment variable RESIDUUM_SIMD is '{forced}'; it must be scalar, 256 or 512."),
    };
}
