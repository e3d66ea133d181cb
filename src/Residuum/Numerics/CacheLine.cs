using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Residuum.Numerics;

/// <summary>Where cache lines begin: a register that is loaded across two lines costs two loads.</summary>
internal static class CacheLine
{
    /// <summary>The bytes of a line, and of the widest register.</summary>
    public const int Bytes = 64;

    // After so many the processor's own requests have caught up.
    private const int FirstLines = 8;

    /// <summary>The index of the first element that begins a line; at most a line's elements behind the array's start.</summary>
    /// <typeparam name="T">The element.</typeparam>
    /// <param name="pinned">An array allocated as pinned, so that it stays where it is.</param>
    public static int Start<T>(T[] pinned)
        where T : unmanaged
    {
        nint address = Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0);
        return (int)((-address & (Bytes - 1)) / Unsafe.SizeOf<T>());
    }

    /// <summary>Requests the first lines of an array that will be read from its start.</summary>
    /// <typeparam name="T">The element.</typeparam>
    /// <param name="memory">The array.</param>
    public static unsafe void RequestFirst<T>(ReadOnlySpan<T> memory)
        where T : unmanaged
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(memory);
        ref byte origin = ref MemoryMarshal.GetReference(bytes);
        int end = Math.Min(bytes.Length, FirstLines * Bytes);
        for (int offset = 0; Sse.IsSupported && offset < end; offset += Bytes)
        {
            Sse.Prefetch1(Unsafe.AsPointer(ref Unsafe.Add(ref origin, offset)));
        }
    }

    /// <summary>Requests a number's line from memory, where the processor can be asked; it changes nothing but the time.</summary>
    /// <remarks>
    /// Into the second-level cache: requests for the first take its few places for misses, which the loop beside them needs. One request
    /// every few nanoseconds; memory delivers no faster, and a burst makes the loop wait.
    /// </remarks>
    /// <param name="origin">The start of the array.</param>
    /// <param name="index">The number; it may lie beyond the array.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Request(ref readonly float origin, nuint index)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch1(Unsafe.AsPointer(ref Unsafe.Add(ref Unsafe.AsRef(in origin), index)));
        }
    }
}
