namespace Residuum.Optimizers;

/// <summary>A parameter's name and shape, without its memory.</summary>
/// <param name="Name">The unique name.</param>
/// <param name="Shape">The dimensions, row-major.</param>
public sealed record ShapedParameter(string Name, IReadOnlyList<int> Shape)
{
    /// <summary>The number of entries.</summary>
    public int Length => TensorShape.ElementCount([.. Shape], Name);
}
