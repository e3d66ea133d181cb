namespace Residuum.Preconditioning;

/// <summary>A part of a tensor that has its own preconditioners: a chunk of each axis.</summary>
/// <param name="Starts">The first index on each axis.</param>
/// <param name="Lengths">The chunk's length on each axis.</param>
internal sealed record Block(int[] Starts, int[] Lengths)
{
    /// <summary>The number of entries.</summary>
    public int Length { get; } = BlockGrid.Product(Lengths);

    /// <summary>The product of the chunk's lengths before an axis.</summary>
    public int Outer(int axis) => BlockGrid.Product(Lengths.AsSpan(0, axis));

    /// <summary>The product of the chunk's lengths behind an axis.</summary>
    public int Inner(int axis) => BlockGrid.Product(Lengths.AsSpan(axis + 1));
}
