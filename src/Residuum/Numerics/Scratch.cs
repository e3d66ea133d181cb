using System.Runtime.InteropServices;

namespace Residuum.Numerics;

/// <summary>Working memory of a step, one area per worker thread: it holds nothing between steps.</summary>
/// <remarks>A step gives the same bits whatever a scratch holds when it starts; a test fills it with garbage to prove it.</remarks>
internal sealed class Scratch
{
    private readonly Memory<byte>[] _areas;

    public Scratch(int workers, int bytesPerWorker)
    {
        _areas = new Memory<byte>[workers];
        for (int i = 0; i < workers; i++)
        {
            byte[] bytes = GC.AllocateUninitializedArray<byte>(bytesPerWorker + CacheLine.Bytes, pinned: true);
            _areas[i] = bytes.AsMemory(CacheLine.Start(bytes), bytesPerWorker);
        }
    }

    /// <summary>The bytes of all areas, without what is left out to begin each at a cache line.</summary>
    public long Bytes => _areas.Length * (long)_areas[0].Length;

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
