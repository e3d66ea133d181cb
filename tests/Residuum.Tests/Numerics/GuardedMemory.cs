using System.Runtime.InteropServices;

namespace Residuum.Tests.Numerics;

/// <summary>
/// Floats that end exactly at a page that may not be touched: a kernel that reads or writes one element too far crashes.
/// </summary>
internal sealed unsafe partial class GuardedMemory : IDisposable
{
    private const int ProtectNone = 0;
    private const int ProtectReadWrite = 3;
    private const int MapPrivateAnonymous = 0x22;

    private readonly byte* _mapping;
    private readonly nuint _bytes;
    private readonly float* _start;

    public GuardedMemory(int length)
    {
        Assert.True(OperatingSystem.IsLinux(), "Guard pages are made by mmap and mprotect of Linux.");
        nuint page = (nuint)Environment.SystemPageSize;
        nuint inside = ((nuint)length * sizeof(float) + page - 1) / page * page;
        _bytes = inside + 2 * page;
        _mapping = Map(null, _bytes, ProtectReadWrite, MapPrivateAnonymous, -1, 0);
        Assert.NotEqual(-1, (nint)_mapping);
        Assert.Equal(0, Protect(_mapping, page, ProtectNone));
        Assert.Equal(0, Protect(_mapping + page + inside, page, ProtectNone));
        _start = (float*)(_mapping + page + inside) - length;
        Length = length;
    }

    public int Length { get; }

    public Span<float> Span => new(_start, Length);

    /// <summary>A copy of <paramref name="values"/> that ends at a guard page.</summary>
    public static GuardedMemory Of(ReadOnlySpan<float> values)
    {
        GuardedMemory memory = new(values.Length);
        values.CopyTo(memory.Span);
        return memory;
    }

    public void Dispose() => Assert.Equal(0, Unmap(_mapping, _bytes));

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial byte* Map(void* address, nuint length, int protection, int flags, int descriptor, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(void* address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(void* address, nuint length);
}
