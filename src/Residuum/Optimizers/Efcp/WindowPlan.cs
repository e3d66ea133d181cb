using Residuum.State;

namespace Residuum.Optimizers;

/// <summary>
/// The memory of a method with a window of gradients, put together from its parts in the order in which the optimizer lists its state.
/// </summary>
internal sealed class WindowPlan
{
    private readonly List<PlannedField> _fields = [];
    private long _scratchBytes;

    /// <summary>d, the entries of all parameters.</summary>
    public long Length { get; private set; }

    /// <summary>A parameter's error and momentum.</summary>
    public void Add(ShapedParameter parameter, WindowOptions options, IEnumerable<FieldSpec> error)
    {
        Length += parameter.Length;
        _fields.AddRange(error.Select(spec => new PlannedField(parameter.Name, spec)));
        if (options.HasMomentum)
        {
            _fields.Add(new PlannedField(parameter.Name, WindowOptimizer.MomentumField([.. parameter.Shape])));
        }
    }

    /// <summary>The window, or a parameter's part of it.</summary>
    public void Add(string? owner, IEnumerable<FieldSpec> window, long scratchBytes)
    {
        _fields.AddRange(window.Select(spec => new PlannedField(owner, spec)));
        _scratchBytes += scratchBytes;
    }

    /// <summary>The whole, with what belongs to the m x m part.</summary>
    /// <param name="core">The fields of that part.</param>
    /// <param name="window">m.</param>
    /// <param name="scratchBytes">Its scratch.</param>
    public MemoryPlan With(IEnumerable<FieldSpec> core, int window, long scratchBytes) =>
        new(
            [.. _fields, .. core.Select(spec => new PlannedField(null, spec))],
            _scratchBytes + scratchBytes + WindowOptimizer.CommonScratchBytes(Length, window));
}
