using Residuum.Distributed.Collectives;
using Residuum.Optimizers;
using Residuum.State;

namespace Residuum.Distributed.Sharding;

/// <summary>A field of state that one rank has: in every rank's list, so that all checkpoints are alike.</summary>
internal sealed class RemoteField
{
    private readonly int _owner;
    private readonly StateField? _live;
    private byte[]? _brought;

    /// <summary>Makes a field.</summary>
    /// <param name="planned">What it is.</param>
    /// <param name="owner">Who has it.</param>
    /// <param name="live">The field itself on its owner, elsewhere null.</param>
    public RemoteField(PlannedField planned, int owner, StateField? live)
    {
        _owner = owner;
        _live = live;
        // What others own is written as it was brought here, and passed over when it is read.
        InState = live ?? StateField.Converted(planned.Owner, planned.Spec, Write, _ => { });
    }

    /// <summary>The field in this rank's list.</summary>
    public StateField InState { get; }

    /// <summary>Brings the field's content to a rank.</summary>
    /// <param name="root">Which.</param>
    /// <param name="collectives">The ranks; all call this.</param>
    public void BringTo(int root, ICollectives collectives)
    {
        if (_owner == root)
        {
            return;
        }

        byte[] content = new byte[InState.Spec.Bytes];
        if (_live is not null)
        {
            using MemoryStream stream = new(content);
            _live.Write(stream);
        }

        collectives.Broadcast(content, _owner);
        _brought = collectives.Rank == root ? content : null;
    }

    private void Write(Span<byte> destination)
    {
        byte[] content = _brought ?? throw new InvalidOperationException($"The state {InState.Name} is on rank {_owner}; it must be gathered before it is written.");
        content.CopyTo(destination);
        _brought = null;
    }
}
