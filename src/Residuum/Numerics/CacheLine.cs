using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Residuum.Numerics;

/// <summary>Where cache lines begin: a register that is loaded across two lines costs two loads.</summary>
internal static class CacheLine
{
    /// <summary>The bytes of a line, and of the widest register.</summary>
    public const int Bytes = 64;

    /// <summary>The index of the first element that begins a line; at most a line's elements behind the array's start.</summary>
    /// <typeparam name="T">The element.</typeparam>
    /// <param name="pinned">An array allocated as pinned, so that it stays where it is.</param>
    public static int Start<T>(T[] pinned)
        where T : unmanaged
    {
        nint address = Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0);
        return (int)((-address & (Bytes - 1)) / Unsafe.SizeOf<T>());
    }
}
