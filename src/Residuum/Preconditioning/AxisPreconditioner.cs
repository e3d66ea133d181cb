using Residuum.Numerics;

namespace Residuum.Preconditioning;

/// <summary>The second moments of one axis of one block, and the multiplication by their inverse root along that axis.</summary>
internal abstract class AxisPreconditioner
{
    /// <summary>Takes in a gradient, or passes it over where it is not this step's turn.</summary>
    /// <param name="y">The gradient, the axis first.</param>
    /// <param name="count">The tensor's steps before this one.</param>
    /// <param name="scratch">As much as the factor's kind says.</param>
    public abstract void Update(Unfolding y, long count, ScratchArea scratch);

    /// <summary>Multiplies along the axis, in place.</summary>
    /// <param name="block">The block's entries as [outer, length of the axis, inner].</param>
    /// <param name="outer">The product of the axes before.</param>
    /// <param name="inner">The product of the axes behind.</param>
    /// <param name="spare">As many entries as the block, holding nothing.</param>
    /// <param name="work">Shares the products between threads.</param>
    public abstract void Apply(Span<float> block, int outer, int inner, Span<float> spare, WorkSharing work);

    /// <summary>The fields of state in the order of the kind's list of specifications.</summary>
    public abstract IEnumerable<Memory<float>> State();
}
