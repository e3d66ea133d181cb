using System.Runtime.InteropServices;
using Residuum.Distributed.Collectives;
using Residuum.Distributed.Exchange;
using Residuum.Optimizers;

namespace Residuum.Distributed.Sharding;

/// <summary>
/// Parameters divided between the ranks (stage 3 of ZeRO): each rank has the values of its entries; a bucket is gathered from all ranks
/// when an operation reads a parameter in it, and stays until its memory is needed for another.
/// </summary>
/// <remarks>
/// Every bucket has its place in memory for two neighbouring ones, so what is in memory follows from what was asked for, and is the same on
/// all ranks. A parameter that is used out of turn, such as an embedding which is the output layer too, is gathered once more. Only an
/// operation that reads parameters of two buckets whose places overlap makes one of them take memory of its own.
/// </remarks>
internal sealed class ParameterShards : IValueHolder
{
    private readonly IReadOnlyList<Parameter> _parameters;
    private readonly ICollectives _collectives;
    private readonly ShardLayout _layout;
    private readonly Dictionary<Parameter, int> _indexOf = [];
    private readonly RankShare _own;
    private readonly Memory<float>[] _ofBuckets;
    private readonly int[][] _partBytes;
    private readonly bool[] _isHere;
    private readonly bool[] _isRead;
    private readonly bool[] _isExtra;
    private readonly List<int> _lent = [];
    private long _extraBytes;

    /// <summary>Takes the values of all parameters; a collective call.</summary>
    /// <param name="parameters">The parameters, whole and the same on all ranks; their own memory for values is let go.</param>
    /// <param name="pieces">Who owns what.</param>
    /// <param name="layout">Where it lies.</param>
    /// <param name="collectives">The ranks.</param>
    /// <exception cref="RanksDisagreeException">A parameter differs between ranks.</exception>
    public ParameterShards(
        IReadOnlyList<Parameter> parameters, IReadOnlyList<ShardPiece> pieces, ShardLayout layout, ICollectives collectives)
    {
        _parameters = parameters;
        _collectives = collectives;
        _layout = layout;
        _own = new RankShare(layout, collectives.Rank);
        Memory<float> gathered = new float[layout.LengthOnTheWay];
        _ofBuckets = [.. layout.Buckets.Select((bucket, b) => gathered.Slice(layout.StartOf(b), bucket.Length))];
        _partBytes = [.. layout.Buckets.Select(bucket => bucket.Counts.Select(count => checked(sizeof(float) * count)).ToArray())];
        _isHere = new bool[layout.Buckets.Count];
        _isRead = new bool[layout.Buckets.Count];
        _isExtra = new bool[layout.Buckets.Count];
        ParameterChecksums.CompareBetween(collectives, parameters);
        foreach (ShardPiece piece in pieces.Where(piece => piece.Owner == collectives.Rank))
        {
            parameters[piece.Parameter].Values.Slice(piece.Start, piece.Length).CopyTo(ValuesOf(piece));
        }

        for (int i = 0; i < parameters.Count; i++)
        {
            _indexOf.Add(parameters[i], i);
            parameters[i].Values = default;
        }
    }

    /// <inheritdoc/>
    public long Bytes => _layout.BytesOf(_collectives.Rank) + _extraBytes;

    /// <summary>The bytes of all buckets that were gathered, one after the other.</summary>
    public long GatheredBytes { get; private set; }

    /// <summary>The memory of one of this rank's pieces, in which steps change it.</summary>
    public Memory<float> ValuesOf(ShardPiece piece) => _own.Of(piece);

    /// <inheritdoc/>
    public void Lend(Parameter parameter)
    {
        int index = _indexOf[parameter];
        (int bucket, int start) = _layout.PlaceOf(index);
        if (!_isHere[bucket])
        {
            Gather(bucket);
        }

        _isRead[bucket] = true;
        _lent.Add(index);
        parameter.Values = _ofBuckets[bucket].Slice(start, parameter.Length);
    }

    /// <inheritdoc/>
    public void Release()
    {
        foreach (int parameter in _lent)
        {
            _parameters[parameter].Values = default;
            _isRead[_layout.PlaceOf(parameter).Bucket] = false;
        }

        _lent.Clear();
    }

    /// <summary>The values have changed: what was gathered is out of date.</summary>
    public void Forget() => Array.Clear(_isHere);

    private void Gather(int bucket)
    {
        MakeRoom(bucket);
        Span<byte> all = MemoryMarshal.AsBytes(_ofBuckets[bucket].Span);
        _collectives.AllGather(MemoryMarshal.AsBytes(_own.OfBucket(bucket)), _partBytes[bucket], all);
        GatheredBytes += all.Length;
        _isHere[bucket] = true;
    }

    private void MakeRoom(int bucket)
    {
        bool isTaken = false;
        for (int other = 0; other < _isHere.Length; other++)
        {
            isTaken |= _isRead[other] && Overlap(bucket, other);
        }

        if (isTaken)
        {
            // It keeps it: the steps to come will need it too.
            _isExtra[bucket] = true;
            _ofBuckets[bucket] = new float[_layout.Buckets[bucket].Length];
            _extraBytes += sizeof(float) * (long)_ofBuckets[bucket].Length;
        }

        for (int other = 0; other < _isHere.Length; other++)
        {
            _isHere[other] &= !Overlap(bucket, other);
        }
    }

    private bool Overlap(int bucket, int other)
    {
        int start = _layout.StartOf(bucket);
        int otherStart = _layout.StartOf(other);
        return bucket != other && !_isExtra[bucket] && !_isExtra[other]
            && start < otherStart + _layout.Buckets[other].Length && otherStart < start + _layout.Buckets[bucket].Length;
    }
}
