using System.Diagnostics;
using Residuum.Compression;
using Residuum.Distributed.Collectives;

namespace Residuum.Distributed.Exchange;

/// <summary>The messages of a batch of parameters, put together so that many small tensors travel in one call.</summary>
/// <remarks>
/// At most three calls a batch: the summed messages, the gathered ones, and the second round of those that have one; and one for each large
/// parameter that travels whole, in place. A batch is all parameters, or of divided gradients a bucket; one travels after the other in the
/// same memory.
/// </remarks>
internal sealed class MessageBuffers
{
    /// <summary>
    /// Entries from which on a parameter travels alone. 1 MB: from there on the latency of a call of its own costs less than a copy.
    /// </summary>
    public const int AloneFrom = 262_144;

    private readonly ICollectives _collectives;
    private readonly float[][] _summed = new float[2][];
    private readonly byte[] _own;
    private readonly byte[] _gathered;
    private readonly int[] _counts;
    private readonly int[] _floats = new int[2];
    private int _ownBytes;

    /// <summary>Takes the memory that the largest batch needs.</summary>
    /// <param name="batches">The parameters' ways.</param>
    /// <param name="collectives">The ranks.</param>
    public MessageBuffers(IReadOnlyList<Channel[]> batches, ICollectives collectives)
    {
        _collectives = collectives;
        _counts = new int[collectives.Size];
        for (int round = 0; round < _summed.Length; round++)
        {
            int FloatsOfRound(Channel[] batch) =>
                Math.Max(FloatsOf(batch, compresses: false, round), FloatsOf(batch, compresses: true, round));
            _summed[round] = new float[batches.Select(FloatsOfRound).DefaultIfEmpty(0).Max()];
        }

        long own = batches.Select(batch => batch.Sum(channel => (channel.Compressor as GatheredCompressor)?.MessageBytes ?? 0))
            .DefaultIfEmpty(0).Max();
        RequireGatherable(own, collectives.Size);
        _own = new byte[own];
        _gathered = new byte[own * collectives.Size];
    }

    /// <summary>The bytes of all buffers.</summary>
    public long Bytes => (sizeof(float) * _summed.Sum(buffer => (long)buffer.Length)) + _own.Length + _gathered.Length;

    /// <summary>The bytes that this rank has handed to the network.</summary>
    public long SentBytes { get; private set; }

    /// <summary>The time spent in calls, in ticks of <see cref="Stopwatch"/>.</summary>
    public long NetworkTicks { get; private set; }

    /// <summary>Whether some message of the batch at hand depends on a sum of the first round.</summary>
    public bool HasSecondRound => _floats[1] > 0;

    /// <summary>Checks that the gathered messages of all ranks fit into one array.</summary>
    /// <param name="own">The bytes of one rank's.</param>
    /// <param name="ranks">How many ranks.</param>
    /// <exception cref="ArgumentException">They do not.</exception>
    public static void RequireGatherable(long own, int ranks)
    {
        if (own * ranks > Array.MaxLength)
        {
            throw new ArgumentException(
                $"The gathered messages of {ranks} ranks would take {own * ranks} bytes in a step; at most {Array.MaxLength} can be held: "
                    + "take a smaller ratio, or a compressor whose messages are summed (randomBlock, randomK, powerSgd).",
                "compressor");
        }
    }

    /// <summary>Chooses routes and places for a batch.</summary>
    /// <param name="batch">The parameters' ways.</param>
    /// <param name="compresses">Whether the step compresses.</param>
    public void Plan(Channel[] batch, bool compresses)
    {
        _floats.AsSpan().Clear();
        _ownBytes = 0;
        foreach (Channel channel in batch)
        {
            channel.ChooseRoute(compresses, AloneFrom);
            if (channel.Route == Route.Gathered)
            {
                channel.Start[0] = _ownBytes;
                _ownBytes += (int)channel.Compressor!.MessageBytes;
                continue;
            }

            for (int round = 0; round < _floats.Length; round++)
            {
                channel.Start[round] = _floats[round];
                _floats[round] += Floats(channel, channel.Route, round);
            }
        }
    }

    /// <summary>A parameter's place in a summed message.</summary>
    public Span<float> Summed(Channel channel, SummedCompressor compressor, int round) =>
        _summed[round].AsSpan(channel.Start[round], compressor.Floats(round));

    /// <summary>A parameter's place in this rank's message that is gathered.</summary>
    public Span<byte> Own(Channel channel) => _own.AsSpan(channel.Start[0], (int)channel.Compressor!.MessageBytes);

    /// <summary>A parameter's place in the message of a rank, after <see cref="Gather"/>.</summary>
    public ReadOnlySpan<byte> Of(int rank, Channel channel) =>
        _gathered.AsSpan((rank * _ownBytes) + channel.Start[0], (int)channel.Compressor!.MessageBytes);

    /// <summary>Sums a round's messages over all ranks.</summary>
    public void SumRound(int round) => SumAlone(_summed[round].AsSpan(0, _floats[round]));

    /// <summary>Sums one parameter over all ranks, in place.</summary>
    public void SumAlone(Span<float> values)
    {
        if (values.Length > 0)
        {
            long start = Stopwatch.GetTimestamp();
            _collectives.AllReduceSum(values);
            NetworkTicks += Stopwatch.GetTimestamp() - start;
            SentBytes += sizeof(float) * (long)values.Length;
        }
    }

    /// <summary>Gathers the messages that cannot be summed.</summary>
    public void Gather()
    {
        if (_ownBytes > 0)
        {
            long start = Stopwatch.GetTimestamp();
            Array.Fill(_counts, _ownBytes);
            _collectives.AllGather(_own.AsSpan(0, _ownBytes), _counts, _gathered.AsSpan(0, _ownBytes * _collectives.Size));
            NetworkTicks += Stopwatch.GetTimestamp() - start;
            SentBytes += _ownBytes;
        }
    }

    private static int FloatsOf(Channel[] batch, bool compresses, int round) =>
        batch.Sum(channel => Floats(channel, channel.RouteOf(compresses, AloneFrom), round));

    private static int Floats(Channel channel, Route route, int round) => route switch
    {
        Route.Whole when round == 0 => channel.Dense.Floats(0),
        Route.Summed when channel.Compressor is SummedCompressor compressor && round < compressor.Rounds => compressor.Floats(round),
        _ => 0,
    };
}
