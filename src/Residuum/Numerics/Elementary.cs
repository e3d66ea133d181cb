using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Residuum.Numerics;

/// <summary>
/// Elementary functions of every element of a span. Source and target may be the same span, but may not overlap otherwise.
/// </summary>
public static class Elementary
{
    /// <summary><c>y = exp(x)</c>.</summary>
    /// <param name="x">The arguments.</param>
    /// <param name="y">The results, as many.</param>
    public static void Exp(ReadOnlySpan<float> x, Span<float> y) => Map<ExpFunction>(x, y);

    /// <summary><c>y = log(x)</c>.</summary>
    /// <param name="x">The arguments.</param>
    /// <param name="y">The results, as many.</param>
    public static void Log(ReadOnlySpan<float> x, Span<float> y) => Map<LogFunction>(x, y);

    /// <summary><c>y = tanh(x)</c>.</summary>
    /// <param name="x">The arguments.</param>
    /// <param name="y">The results, as many.</param>
    public static void Tanh(ReadOnlySpan<float> x, Span<float> y) => Map<TanhFunction>(x, y);

    /// <summary><c>y = 1 / (1 + exp(-x))</c>.</summary>
    /// <param name="x">The arguments.</param>
    /// <param name="y">The results, as many.</param>
    public static void Sigmoid(ReadOnlySpan<float> x, Span<float> y) => Map<SigmoidFunction>(x, y);

    /// <summary><c>y = x sigmoid(x)</c> (SiLU, swish).</summary>
    /// <param name="x">The arguments.</param>
    /// <param name="y">The results, as many.</param>
    public static void Silu(ReadOnlySpan<float> x, Span<float> y) => Map<SiluFunction>(x, y);

    /// <summary>The derivative of <see cref="Silu"/>: <c>s (1 + x (1 - s))</c> with <c>s = sigmoid(x)</c>.</summary>
    /// <param name="x">The arguments.</param>
    /// <param name="y">The derivatives, as many.</param>
    public static void SiluDerivative(ReadOnlySpan<float> x, Span<float> y) => Map<SiluDerivativeFunction>(x, y);

    /// <summary><c>y = 1 / sqrt(x)</c>, by a root and a division.</summary>
    /// <param name="x">The arguments.</param>
    /// <param name="y">The results, as many.</param>
    public static void ReciprocalSqrt(ReadOnlySpan<float> x, Span<float> y) => Map<ReciprocalSqrtFunction>(x, y);

    /// <summary>Applies a function to every element.</summary>
    /// <typeparam name="TFunction">The function.</typeparam>
    /// <param name="x">The arguments.</param>
    /// <param name="y">The results, as many.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Map<TFunction>(ReadOnlySpan<float> x, Span<float> y)
        where TFunction : ILaneFunction => Map<TFunction>(x, y, SimdWidth.Lanes);

    /// <summary>The same at a given width.</summary>
    internal static void Map<TFunction>(ReadOnlySpan<float> x, Span<float> y, int lanes)
        where TFunction : ILaneFunction
    {
        if (x.Length != y.Length)
        {
            throw new ArgumentException($"The target has {y.Length} elements; it must have as many as the source, {x.Length}.", nameof(y));
        }

        MapKernel<TFunction> kernel = new(x, y);
        LaneLoop.Run(ref kernel, x.Length, lanes);
    }

    private readonly ref struct MapKernel<TFunction>(ReadOnlySpan<float> x, Span<float> y) : ILaneKernel
        where TFunction : ILaneFunction
    {
        private readonly ref float _x = ref MemoryMarshal.GetReference(x);
        private readonly ref float _y = ref MemoryMarshal.GetReference(y);

        [MethodImpl(LaneLoop.KernelOptions)]
        public nuint Run<TLanes>(nuint start, nuint end)
            where TLanes : struct, ILanes<TLanes>
        {
            nuint i = start;
            for (; i + TLanes.Width <= end; i += TLanes.Width)
            {
                TFunction.Apply(TLanes.Load(ref _x, i)).Store(ref _y, i);
            }

            return i;
        }
    }

    internal readonly struct ExpFunction : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TLanes Apply<TLanes>(TLanes x)
            where TLanes : struct, ILanes<TLanes> => LaneMath.Exp(x);
    }

    internal readonly struct LogFunction : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TLanes Apply<TLanes>(TLanes x)
            where TLanes : struct, ILanes<TLanes> => LaneMath.Log(x);
    }

    internal readonly struct TanhFunction : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TLanes Apply<TLanes>(TLanes x)
            where TLanes : struct, ILanes<TLanes> => LaneMath.Tanh(x);
    }

    internal readonly struct SigmoidFunction : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TLanes Apply<TLanes>(TLanes x)
            where TLanes : struct, ILanes<TLanes> => LaneMath.Sigmoid(x);
    }

    internal readonly struct SiluFunction : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TLanes Apply<TLanes>(TLanes x)
            where TLanes : struct, ILanes<TLanes> => x * LaneMath.Sigmoid(x);
    }

    internal readonly struct SiluDerivativeFunction : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TLanes Apply<TLanes>(TLanes x)
            where TLanes : struct, ILanes<TLanes>
        {
            TLanes s = LaneMath.Sigmoid(x);
            return TLanes.Fma(s * (TLanes.All(1) - s), x, s);
        }
    }

    internal readonly struct ReciprocalSqrtFunction : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TLanes Apply<TLanes>(TLanes x)
            where TLanes : struct, ILanes<TLanes> => TLanes.All(1) / TLanes.Sqrt(x);
    }
}
