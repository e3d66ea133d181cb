using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Residuum.Distributed.Collectives;
using Residuum.State;

namespace Residuum.Distributed.Exchange;

/// <summary>By which ranks find out whether they have the same parameters: a number of 8 bytes for each.</summary>
internal static class ParameterChecksums
{
    private const int BytesEach = sizeof(ulong);

    /// <summary>The bytes of all checksums.</summary>
    /// <param name="parameters">How many parameters.</param>
    public static int BytesOf(int parameters) => BytesEach * parameters;

    /// <summary>Writes the checksum of every parameter.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="destination">As many bytes as <see cref="BytesOf"/> says.</param>
    public static void Write(IReadOnlyList<Parameter> parameters, Span<byte> destination)
    {
        for (int i = 0; i < parameters.Count; i++)
        {
            XxHash64 checksum = new();
            checksum.Append(MemoryMarshal.AsBytes((ReadOnlySpan<float>)parameters[i].Values.Span));
            BinaryPrimitives.WriteUInt64LittleEndian(destination[(BytesEach * i)..], checksum.Hash());
        }
    }

    /// <summary>Compares the checksums of a rank with those of rank 0.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="first">Those of rank 0.</param>
    /// <param name="other">Those of the other rank.</param>
    /// <param name="rank">The other rank.</param>
    /// <param name="step">The step that comes next, from 0.</param>
    /// <exception cref="RanksDisagreeException">One differs.</exception>
    public static void Compare(
        IReadOnlyList<Parameter> parameters, ReadOnlySpan<byte> first, ReadOnlySpan<byte> other, int rank, long step)
    {
        for (int i = 0; i < parameters.Count; i++)
        {
            if (!first.Slice(BytesEach * i, BytesEach).SequenceEqual(other.Slice(BytesEach * i, BytesEach)))
            {
                throw new RanksDisagreeException(
                    $"Before step {step + 1} the parameter '{parameters[i].Name}' of rank {rank} differs from that of rank 0; all ranks "
                        + "must start from the same weights and take the same steps.");
            }
        }
    }

    /// <summary>Compares what all ranks start from.</summary>
    /// <param name="collectives">The ranks; all call this.</param>
    /// <param name="parameters">The parameters.</param>
    /// <exception cref="RanksDisagreeException">One differs.</exception>
    public static void CompareBetween(ICollectives collectives, IReadOnlyList<Parameter> parameters)
    {
        byte[] mine = new byte[BytesOf(parameters.Count)];
        byte[] all = new byte[mine.Length * collectives.Size];
        Write(parameters, mine);
        collectives.AllGather(mine, [.. Enumerable.Repeat(mine.Length, collectives.Size)], all);
        for (int rank = 1; rank < collectives.Size; rank++)
        {
            Compare(parameters, all.AsSpan(0, mine.Length), all.AsSpan(rank * mine.Length, mine.Length), rank, step: 0);
        }
    }
}
