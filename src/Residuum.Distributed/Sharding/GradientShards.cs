using System.Diagnostics;
using Residuum.Distributed.Collectives;
using Residuum.Distributed.Exchange;
using Residuum.Numerics;

namespace Residuum.Distributed.Sharding;

/// <summary>
/// Gradients divided between the ranks (stage 2 of ZeRO): when all gradients of a bucket are complete they are summed over the ranks, each
/// rank keeps the sums of its entries, and the bucket's memory is free.
/// </summary>
/// <remarks>
/// All ranks sum the buckets in the same order, whatever the order in which their backward passes complete gradients. A gradient that is
/// needed before the turn of its bucket, such as that of an embedding which is the output layer too, gets memory of its own. Where
/// gradients are compressed somebody else exchanges a complete bucket (<see cref="ExchangeBy"/>), and each rank keeps its entries of it.
/// </remarks>
internal sealed class GradientShards : IDividedGradients
{
    private readonly IReadOnlyList<Parameter> _parameters;
    private readonly ICollectives _collectives;
    private readonly bool _guards;
    private readonly ShardLayout _layout;
    private readonly Dictionary<Parameter, int> _indexOf = [];
    private readonly bool[] _isLent;
    private readonly bool[] _isTaken;
    private readonly bool[] _isActive;
    private readonly int[] _open;
    private readonly Memory<float>[] _ofBuckets;
    private readonly bool[] _isExtra;
    private readonly RankShare _own;
    private Func<int, BadEntry?>? _exchange;
    private long _extraBytes;
    private int _turn;
    private int _passes;
    private BadEntry? _bad;
    private bool _isBroken;

    /// <summary>Takes the gradients of all parameters.</summary>
    /// <param name="parameters">The parameters; their own memory for gradients is let go.</param>
    /// <param name="layout">Who owns what, and where it lies.</param>
    /// <param name="collectives">The ranks.</param>
    /// <param name="guards">Whether gradients are looked at for entries that are not finite.</param>
    public GradientShards(IReadOnlyList<Parameter> parameters, ShardLayout layout, ICollectives collectives, bool guards)
    {
        _parameters = parameters;
        _collectives = collectives;
        _guards = guards;
        _layout = layout;
        _isLent = new bool[parameters.Count];
        _isTaken = new bool[parameters.Count];
        _isActive = new bool[parameters.Count];
        _open = new int[_layout.Buckets.Count];
        Memory<float> onTheWay = new float[_layout.LengthOnTheWay];
        _ofBuckets = [.. _layout.Buckets.Select((bucket, b) => onTheWay.Slice(_layout.StartOf(b), bucket.Length))];
        _isExtra = new bool[_layout.Buckets.Count];
        _own = new RankShare(_layout, collectives.Rank);
        for (int i = 0; i < parameters.Count; i++)
        {
            _indexOf.Add(parameters[i], i);
            parameters[i].Gradient = default;
        }

        Batches = [.. layout.Buckets.Select(bucket => bucket.Members.Select(member => member.Parameter).ToArray())];
        BeginPass();
    }

    /// <inheritdoc/>
    public IReadOnlyList<IReadOnlyList<int>> Batches { get; }

    /// <inheritdoc/>
    public bool AddsPasses => _exchange is null;

    /// <inheritdoc/>
    public long Bytes => _layout.BytesOf(_collectives.Rank) + _extraBytes;

    /// <inheritdoc/>
    public long SentBytes { get; private set; }

    /// <inheritdoc/>
    public long NetworkTicks { get; private set; }

    /// <summary>The memory in which the mean gradient of one of this rank's pieces is after <see cref="Finish"/>.</summary>
    public Memory<float> GradientOf(ShardPiece piece) => _own.Of(piece);

    /// <inheritdoc/>
    public void ExchangeBy(Func<int, BadEntry?> exchange) => _exchange = exchange;

    /// <inheritdoc/>
    public void Lend(Parameter parameter)
    {
        if (_isBroken)
        {
            throw new InvalidOperationException(
                "Errors were updated for a step that was not taken, because a gradient was not finite; go on from a checkpoint.");
        }

        int index = _indexOf[parameter];
        if (_isTaken[index])
        {
            throw new InvalidOperationException(
                $"The gradient of '{parameter.Name}' was taken already in this pass, which must end before the next begins.");
        }

        if (!_isLent[index])
        {
            (int bucket, int start) = _layout.PlaceOf(index);
            parameter.Gradient = MemoryOf(bucket).Slice(start, parameter.Length);
            parameter.HasGradient = false;
            _isLent[index] = true;
        }
    }

    /// <inheritdoc/>
    public void Take(Parameter parameter)
    {
        int index = _indexOf[parameter];
        if (_isTaken[index])
        {
            return;
        }

        if (_isLent[index])
        {
            _isActive[index] = true;
            if (_exchange is null)
            {
                LookAt(index);
            }

            parameter.Gradient = default;
            parameter.HasGradient = false;
        }

        _isTaken[index] = true;
        _open[_layout.PlaceOf(index).Bucket]--;
        while (_turn < _open.Length && _open[_turn] == 0)
        {
            PassOn(_turn);
            _turn++;
        }
    }

    /// <inheritdoc/>
    public void EndPass()
    {
        foreach (Parameter parameter in _parameters)
        {
            Take(parameter);
        }

        _passes++;
        BeginPass();
    }

    /// <inheritdoc/>
    public BadEntry? Finish()
    {
        if (_passes == 0)
        {
            throw new InvalidOperationException("A step needs the gradients of at least one pass, but none was ended.");
        }

        if (_exchange is null)
        {
            VectorKernels.Divide(_own.Entries, _collectives.Size, _own.Entries);
        }

        for (int i = 0; i < _parameters.Count; i++)
        {
            _parameters[i].HasGradient = _isActive[i];
            _isActive[i] = false;
        }

        BadEntry? bad = _bad;
        _isBroken = _exchange is not null && bad is not null;
        _bad = null;
        _passes = 0;
        return bad;
    }

    private void BeginPass()
    {
        _turn = 0;
        Array.Clear(_isLent);
        Array.Clear(_isTaken);
        for (int b = 0; b < _open.Length; b++)
        {
            _open[b] = _layout.Buckets[b].Members.Count;
        }
    }

    // Those of the bucket that is summed next and of the one after it are free, so that a layer may lie across their border. Memory of its
    // own a bucket keeps: the steps to come will need it too.
    private Memory<float> MemoryOf(int bucket)
    {
        if (bucket > _turn + 1 && !_isExtra[bucket])
        {
            _isExtra[bucket] = true;
            _ofBuckets[bucket] = new float[_layout.Buckets[bucket].Length];
            _extraBytes += sizeof(float) * (long)_ofBuckets[bucket].Length;
        }

        return _ofBuckets[bucket];
    }

    private void LookAt(int index)
    {
        if (_guards && BadEntry.In(index, _parameters[index].Gradient.Span) is { } bad && (_bad is not { } first || bad.IsBefore(first)))
        {
            _bad = bad;
        }
    }

    private void PassOn(int bucket)
    {
        ShardBucket complete = _layout.Buckets[bucket];
        Memory<float> values = MemoryOf(bucket);
        foreach ((int parameter, int start) in complete.Members)
        {
            // Nothing of this parameter in this pass: zero, where other ranks may have something.
            if (!_isLent[parameter])
            {
                values.Span.Slice(start, _parameters[parameter].Length).Clear();
            }
        }

        if (_exchange is null)
        {
            Sum(complete, values.Span, _own.OfBucket(bucket));
        }
        else
        {
            Exchange(bucket, values);
        }
    }

    private void Sum(ShardBucket bucket, Span<float> values, Span<float> own)
    {
        if (_passes > 0)
        {
            // What passes before have summed takes part as if it were this rank's.
            Span<float> part = values.Slice(PartLengths.Before(bucket.Counts, _collectives.Rank), own.Length);
            VectorKernels.MultiplyAdd(part, 1, own, part);
        }

        long start = Stopwatch.GetTimestamp();
        _collectives.ReduceScatterSum(values, bucket.Counts, own);
        NetworkTicks += Stopwatch.GetTimestamp() - start;
        SentBytes += sizeof(float) * (long)bucket.Length;
    }

    private void Exchange(int bucket, Memory<float> values)
    {
        if (_passes > 0)
        {
            throw new InvalidOperationException(
                "Gradients that are divided and compressed take one pass a step: an error can only be added to the sum of all passes, "
                    + "and nobody has the memory for it.");
        }

        // A step that will not be taken exchanges no more; all ranks know of it.
        if (_bad is not null)
        {
            return;
        }

        ShardBucket complete = _layout.Buckets[bucket];
        foreach ((int parameter, int start) in complete.Members)
        {
            _parameters[parameter].Gradient = values.Slice(start, _parameters[parameter].Length);
            _parameters[parameter].HasGradient = _isLent[parameter];
        }

        _bad = _exchange!(bucket);
        foreach ((int parameter, _) in complete.Members)
        {
            _isActive[parameter] = _parameters[parameter].HasGradient;
            _parameters[parameter].Gradient = default;
            _parameters[parameter].HasGradient = false;
        }

        Span<float> own = _own.OfBucket(bucket);
        values.Span.Slice(PartLengths.Before(complete.Counts, _collectives.Rank), own.Length).CopyTo(own);
    }
}
