using Residuum.Numerics;
using Residuum.State;

namespace Residuum.Optimizers;

/// <summary>
/// A method that treats every entry, or every block of consecutive entries, on its own: a step is one pass over pieces of all tensors.
/// </summary>
/// <remarks>
/// Parameters without a gradient are left out. Pieces come from lengths alone, so results are the same bits for any number of threads.
/// </remarks>
public abstract class ElementwiseOptimizer : Optimizer, IWork
{
    private readonly WorkPlan _plan;

    /// <summary>Takes over the groups and cuts their tensors into pieces.</summary>
    /// <param name="groups">At least one group; together at least one parameter.</param>
    /// <param name="settings">How steps are carried out; null for the defaults.</param>
    /// <param name="granule">The entries of a group's tensors that must stay together in a piece; null where any cut will do.</param>
    private protected ElementwiseOptimizer(
        IReadOnlyList<ParameterGroup> groups, StepSettings? settings, Func<ParameterGroup, int>? granule = null)
        : base(groups, settings)
    {
        _plan = WorkPlan.Create([.. Parameters.Select(parameter => parameter.Length)], i => granule?.Invoke(GroupOf(i)) ?? 1);
    }

    /// <summary>Whether <see cref="Finish"/> has something to do.</summary>
    private protected virtual bool FinishesTensors => false;

    /// <summary>
    /// Counts the step of a parameter that has a gradient, and computes what its entries have in common: before its first piece is
    /// updated. Several threads may be at it, each for a parameter of its own.
    /// </summary>
    /// <param name="index">The parameter's position in <see cref="Optimizer.Parameters"/>.</param>
    private protected abstract void Advance(int index);

    /// <summary>Updates a piece of a parameter; several threads may be at it, each at a piece of its own.</summary>
    /// <param name="index">The parameter's position in <see cref="Optimizer.Parameters"/>.</param>
    /// <param name="start">The piece's first entry in the tensor.</param>
    /// <param name="w">The piece's weights.</param>
    /// <param name="g">Their gradient.</param>
    /// <param name="worker">Which worker does it, from 0: it may index scratch memory.</param>
    private protected abstract void UpdatePiece(int index, int start, Span<float> w, ReadOnlySpan<float> g, int worker);

    /// <summary>
    /// Does what is left of a parameter's step when all pieces are done: once per parameter with a gradient, one after the other.
    /// </summary>
    /// <param name="index">The parameter's position in <see cref="Optimizer.Parameters"/>.</param>
    private protected virtual void Finish(int index)
    {
    }

    /// <summary>Allocates a field of state, all zeros, and enters it into <see cref="Optimizer.State"/>.</summary>
    /// <typeparam name="T">The element in memory, of the size of the field's type.</typeparam>
    /// <param name="owner">The parameter it belongs to.</param>
    /// <param name="spec">What it is.</param>
    private protected T[] NewState<T>(Parameter owner, FieldSpec spec)
        where T : unmanaged
    {
        T[] memory = new T[spec.Elements];
        AddState(owner, spec, memory.AsMemory());
        return memory;
    }

    /// <inheritdoc/>
    protected sealed override void Update()
    {
        // Of many small tensors, every pass over them waits for each: whoever updates a tensor of one piece counts its step too.
        foreach (int divided in _plan.Divided)
        {
            if (Parameters[divided].HasGradient)
            {
                Advance(divided);
            }
        }

        Work.Run(this, _plan.Chunks);
        for (int i = 0; FinishesTensors && i < Parameters.Count; i++)
        {
            if (Parameters[i].HasGradient)
            {
                Finish(i);
            }
        }
    }

    void IWork.Run(int chunk, int worker)
    {
        foreach (WorkPlan.Piece piece in _plan.Chunk(chunk))
        {
            Parameter parameter = Parameters[piece.Tensor];
            if (parameter.HasGradient)
            {
                if (piece.Length == parameter.Length)
                {
                    Advance(piece.Tensor);
                }

                Span<float> w = parameter.Values.Span.Slice(piece.Start, piece.Length);
                ReadOnlySpan<float> g = parameter.Gradient.Span.Slice(piece.Start, piece.Length);
                UpdatePiece(piece.Tensor, piece.Start, w, g, worker);
            }
        }
    }
}
