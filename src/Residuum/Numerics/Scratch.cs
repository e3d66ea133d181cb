using System.Globalization;
using System.Runtime.InteropServices;

namespace Residuum.Numerics;

/// <summary>Working memory of a step, one area per worker thread: it holds nothing between steps.</summary>
/// <remarks>A step gives the same bits whatever a scratch holds when it starts; a test fills it with garbage to prove it.</remarks>
internal sealed class Scratch
{
    private static readonly int LargestArea = Array.MaxLength - CacheLine.Bytes;

    private readonly Memory<byte>[] _areas;

    /// <summary>Allocates it.</summary>
    /// <param name="workers">The threads, at least 1.</param>
    /// <param name="bytesPerWorker">The bytes of each one's area.</param>
    /// <exception cref="ArgumentException">An area is larger than an array.</exception>
    public Scratch(int workers, long bytesPerWorker)
    {
        EnsureFits(bytesPerWorker);
        int length = (int)bytesPerWorker;
        _areas = new Memory<byte>[workers];
        for (int i = 0; i < workers; i++)
        {
            byte[] bytes = GC.AllocateUninitializedArray<byte>(length + CacheLine.Bytes, pinned: true);
            _areas[i] = bytes.AsMemory(CacheLine.Start(bytes), length);
        }
    }

    /// <summary>The bytes of all areas, without what is left out to begin each at a cache line.</summary>
    public long Bytes => _areas.Length * (long)_areas[0].Length;

    /// <summary>Refuses an area that is larger than an array, where state should not be made before it.</summary>
    /// <exception cref="ArgumentException">It is.</exception>
    public static void EnsureFits(long bytesPerWorker)
    {
        if (bytesPerWorker > LargestArea)
        {
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture,
                $"A step would take {bytesPerWorker} bytes of working memory for a thread, but an array has at most {LargestArea}; "
                    + $"choose smaller blocks, ranks or windows."));
        }
    }

    /// <summary>The area of a worker, from its start.</summary>
    public ScratchArea Area(int worker) => new(_areas[worker].Span);

    /// <summary>Overwrites everything, for the test that nothing is remembered.</summary>
    public void FillWithGarbage()
    {
        foreach (Memory<byte> area in _areas)
        {
            MemoryMarshal.Cast<byte, float>(area.Span).Fill(float.NaN);
        }
    }
}
