using System.Buffers.Binary;
using Residuum.Distributed.Collectives;

namespace Residuum.Distributed.Exchange;

/// <summary>
/// What ranks tell each other before a step, in one small all-gather: whether their gradients are finite, which parameters have one, and
/// from time to time a checksum of every parameter.
/// </summary>
/// <remarks>
/// A parameter that has a gradient on some ranks counts as zero on the others; without one on any it is skipped. Were a NaN found only
/// after the exchange, it would be in the error memories.
/// </remarks>
internal sealed class RankAgreement
{
    // Position of the first bad value: parameter or -1, index, the value's bits.
    private const int Head = 20;

    private readonly IReadOnlyList<Parameter> _parameters;
    private readonly ICollectives _collectives;
    private readonly long _checkEvery;
    private readonly byte[] _mine;
    private readonly byte[] _all;
    private readonly int[] _counts;

    /// <summary>Prepares the messages.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="collectives">The ranks.</param>
    /// <param name="checkEvery">Steps between two comparisons of checksums; 0 for none.</param>
    public RankAgreement(IReadOnlyList<Parameter> parameters, ICollectives collectives, long checkEvery)
    {
        _parameters = parameters;
        _collectives = collectives;
        _checkEvery = checkEvery;
        _mine = new byte[Head + parameters.Count + ParameterChecksums.BytesOf(parameters.Count)];
        _all = new byte[_mine.Length * collectives.Size];
        _counts = new int[collectives.Size];
    }

    /// <summary>The parameters.</summary>
    public IReadOnlyList<Parameter> Parameters => _parameters;

    /// <summary>The bytes of the messages.</summary>
    public long Bytes => _mine.Length + (long)_all.Length;

    /// <summary>What <see cref="Bytes"/> will be.</summary>
    /// <param name="parameters">How many parameters.</param>
    /// <param name="ranks">How many ranks.</param>
    public static long BytesOf(int parameters, int ranks) =>
        (Head + parameters + (long)ParameterChecksums.BytesOf(parameters)) * (1 + ranks);

    /// <summary>Agrees on a step: sets <see cref="Parameter.HasGradient"/> alike on all ranks, and missing gradients to zero.</summary>
    /// <param name="step">The step, from 0.</param>
    /// <param name="own">This rank's first entry that is not finite, or null.</param>
    /// <returns>The first of the lowest rank that has one, the same on all ranks; null if all gradients are finite.</returns>
    /// <exception cref="RanksDisagreeException">A parameter differs between ranks.</exception>
    public BadEntry? Agree(long step, BadEntry? own)
    {
        bool checks = _checkEvery > 0 && step % _checkEvery == 0;
        int length = checks ? _mine.Length : Head + _parameters.Count;
        Write(own, checks);
        Array.Fill(_counts, length);
        _collectives.AllGather(_mine.AsSpan(0, length), _counts, _all.AsSpan(0, length * _collectives.Size));
        if (checks)
        {
            CompareChecksums(step, length);
        }

        for (int rank = 0; rank < _collectives.Size; rank++)
        {
            ReadOnlySpan<byte> message = Message(rank, length);
            int bad = (int)BinaryPrimitives.ReadInt64LittleEndian(message);
            if (bad >= 0)
            {
                int index = (int)BinaryPrimitives.ReadInt64LittleEndian(message[8..]);
                return new BadEntry(bad, index, BinaryPrimitives.ReadSingleLittleEndian(message[16..]));
            }
        }

        TakeActivity(length);
        return null;
    }

    private void Write(BadEntry? own, bool checks)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_mine, own?.Parameter ?? -1);
        BinaryPrimitives.WriteInt64LittleEndian(_mine.AsSpan(8), own?.Index ?? -1);
        BinaryPrimitives.WriteSingleLittleEndian(_mine.AsSpan(16), own?.Value ?? 0);
        for (int i = 0; i < _parameters.Count; i++)
        {
            _mine[Head + i] = (byte)(_parameters[i].HasGradient ? 1 : 0);
        }

        if (checks)
        {
            ParameterChecksums.Write(_parameters, _mine.AsSpan(Head + _parameters.Count));
        }
    }

    private void CompareChecksums(long step, int length)
    {
        for (int rank = 1; rank < _collectives.Size; rank++)
        {
            Range checksums = (Head + _parameters.Count)..;
            ParameterChecksums.Compare(_parameters, Message(0, length)[checksums], Message(rank, length)[checksums], rank, step);
        }
    }

    private void TakeActivity(int length)
    {
        for (int i = 0; i < _parameters.Count; i++)
        {
            bool isActive = false;
            for (int rank = 0; rank < _collectives.Size; rank++)
            {
                isActive |= Message(rank, length)[Head + i] != 0;
            }

            if (isActive && !_parameters[i].HasGradient)
            {
                _parameters[i].Gradient.Span.Clear();
            }

            _parameters[i].HasGradient = isActive;
        }
    }

    private ReadOnlySpan<byte> Message(int rank, int length) => _all.AsSpan(rank * length, length);
}
