using System.Runtime.InteropServices;

namespace Residuum.Numerics;

/// <summary>Working memory of a step, one area per worker thread: it holds nothing between steps.</summary>
/// <remarks>A step gives the same bits whatever a scratch holds when it starts; a test fills it with garbage to prove it.</remarks>
internal sealed class Scratch
{
    private readonly byte[][] _areas;

    public Scratch(int workers, int bytesPerWorker)
    {
        _areas = new byte[workers][];
        for (int i = 0; i < workers; i++)
        {
            _areas[i] = GC.AllocateUninitializedArray<byte>(bytesPerWorker, pinned: true);
        }
    }

    /// <summary>The bytes of all areas.</summary>
    public long Bytes => _areas.Length * (long)_areas[0].Length;

    /// <summary>The area of a worker, from its start.</summary>
    public ScratchArea Area(int worker) => new(_areas[worker]);

    /// <summary>Overwrites everything, for the test that nothing is remembered.</summary>
    public void FillWithGarbage()
    {
        foreach (byte[] area in _areas)
        {
            MemoryMarshal.Cast<byte, float>(area.AsSpan()).Fill(float.NaN);
        }
    }
}
