using Residuum.Distributed.Collectives;
using Residuum.Optimizers;
using Residuum.State;

namespace Residuum.Distributed.Sharding;

/// <summary>
/// A tensor of a checkpoint whose parts the ranks have: whole in every rank's list, so that all checkpoints are those of the undivided
/// optimizer.
/// </summary>
internal sealed class ShardedField
{
    private readonly FieldSpec _spec;
    private readonly IReadOnlyList<(int Owner, FieldSpec Spec)> _parts;
    private readonly ICollectives _collectives;
    private readonly StateField? _live;
    private readonly int _own;
    private bool _isGatheredNext;

    /// <summary>Makes a field.</summary>
    /// <param name="planned">What it is, undivided.</param>
    /// <param name="parts">Who has which part of it, in order.</param>
    /// <param name="collectives">The ranks.</param>
    /// <param name="live">This rank's part, or null.</param>
    /// <exception cref="ArgumentException">The parts are not those of the whole.</exception>
    public ShardedField(
        PlannedField planned, IReadOnlyList<(int Owner, FieldSpec Spec)> parts, ICollectives collectives, StateField? live)
    {
        _spec = planned.Spec;
        _parts = parts;
        _collectives = collectives;
        _live = live;
        while (live is not null && parts[_own].Owner != collectives.Rank)
        {
            _own++;
        }

        if (!_spec.IsCounter && parts.Sum(part => part.Spec.Bytes) != _spec.Bytes)
        {
            throw new ArgumentException($"The parts of {planned.Owner}.{_spec.Name} do not make up the whole.", nameof(parts));
        }

        InState = parts.Count == 1 && live is not null
            ? live
            : StateField.Converted(planned.Owner, planned.Spec, Write, Read, Check);
    }

    /// <summary>The field in this rank's list.</summary>
    public StateField InState { get; }

    // A window [m, k] is cut along its rows of k; everything else is a vector, or is cut as one.
    private bool IsCutInRows => _spec.Shape.Count == 2 && _parts.All(part => part.Spec.Shape.Count == 2) && _parts.Count > 1;

    /// <summary>
    /// On rank 0, which writes: the content is gathered when it is written, which must be the next time that the ranks meet.
    /// </summary>
    public void GatherWhenWritten() => _isGatheredNext = true;

    /// <summary>On the other ranks: takes part in the gathering.</summary>
    public void Gather() => Gather(destination: default);

    private void Write(Span<byte> destination)
    {
        if (!_isGatheredNext)
        {
            throw new InvalidOperationException(
                $"Parts of {InState.Name} are on other ranks; all ranks must prepare together for it to be written.");
        }

        _isGatheredNext = false;
        Gather(destination);
    }

    private void Gather(Span<byte> destination)
    {
        // What rank 0 has alone it writes without the others.
        if (_parts.Count == 1 && _parts[0].Owner == 0)
        {
            return;
        }

        for (int i = 0; i < _parts.Count; i++)
        {
            (int owner, FieldSpec spec) = _parts[i];
            byte[] content = new byte[spec.Bytes];
            if (owner == _collectives.Rank)
            {
                using MemoryStream stream = new(content);
                _live!.Write(stream);
            }

            _collectives.Broadcast(content, owner);
            if (!destination.IsEmpty)
            {
                Place(content, i, destination);
            }
        }
    }

    private void Place(ReadOnlySpan<byte> content, int part, Span<byte> destination)
    {
        for (int row = 0; row < Rows; row++)
        {
            Row(content, _parts[part].Spec, row).CopyTo(Row(destination, _spec, row)[Before(part)..]);
        }
    }

    // What others own is passed over.
    private void Read(ReadOnlySpan<byte> whole)
    {
        if (_live is not null)
        {
            using MemoryStream stream = new(OwnPart(whole));
            _live.Read(stream);
        }
    }

    private string? Check(ReadOnlySpan<byte> whole)
    {
        if (_live is null)
        {
            return null;
        }

        using MemoryStream stream = new(OwnPart(whole));
        return _live.Check(stream);
    }

    private byte[] OwnPart(ReadOnlySpan<byte> whole)
    {
        byte[] content = new byte[_live!.Spec.Bytes];
        for (int row = 0; row < Rows; row++)
        {
            Span<byte> target = Row(content.AsSpan(), _live.Spec, row);
            Row(whole, _spec, row).Slice(Before(_own), target.Length).CopyTo(target);
        }

        return content;
    }

    private int Rows => IsCutInRows ? (int)_spec.Shape[0] : 1;

    // Counters are alike in all parts.
    private int Before(int part) => _spec.IsCounter ? 0 : (int)(_parts.Take(part).Sum(before => before.Spec.Bytes) / Rows);

    private Span<byte> Row(Span<byte> content, FieldSpec spec, int row) =>
        content.Slice((int)(spec.Bytes / Rows * row), (int)(spec.Bytes / Rows));

    private ReadOnlySpan<byte> Row(ReadOnlySpan<byte> content, FieldSpec spec, int row) =>
        content.Slice((int)(spec.Bytes / Rows * row), (int)(spec.Bytes / Rows));
}
