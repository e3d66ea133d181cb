namespace Residuum.Optimizers;

/// <summary>What a window of sparse gradients keeps: section 4 of the methods page of EFCP. All per optimizer and fixed.</summary>
public sealed record TopKWindowOptions
{
    /// <summary>Share of the entries that is kept: in (0, 1], default 0.01 (the paper).</summary>
    public double Density { get; init; } = 0.01;

    /// <summary>
    /// Entries of a top-k block: 1 to 65,536, default 16,384 (ours; the authors' follows from the GPU); 0 for one top-k over all
    /// parameters, as in the authors' research code. Blocks cut the parameters one after another, across their borders.
    /// </summary>
    public int TopKBlockSize { get; init; } = 16_384;

    /// <summary>How kept values are stored, default float32.</summary>
    public ValueStorage WindowValues { get; init; } = ValueStorage.Float32;

    internal void Validate()
    {
        Require.Fraction(Density, "density");
        Require.Between(TopKBlockSize, 0, 65_536, "topKBlockSize");
    }
}
