namespace Residuum.Optimizers;

/// <summary>Options of <see cref="Adam8Bit"/>: section 4 of the baselines' page.</summary>
public sealed record Adam8BitOptions : AdamFamilyOptions
{
    /// <summary>Options with the defaults: learning rate 1e-3, betas 0.9 and 0.999, epsilon 1e-8, weight decay 1e-2.</summary>
    public Adam8BitOptions()
    {
        LearningRate = 1e-3;
        WeightDecay = 1e-2;
    }

    /// <summary>
    /// Consecutive entries that share a scale: 1 to 65,536, default 256 (bitsandbytes and torchao; the paper has 2,048). Per group and
    /// fixed.
    /// </summary>
    public int BlockSize { get; init; } = 256;

    /// <summary>Tensors of fewer entries keep float32 moments: at least 0, default 4,096 (the authors'). Per group and fixed.</summary>
    public int MinQuantizedSize { get; init; } = 4096;

    internal static OptionTable<Adam8BitOptions> Table { get; } = new(
    [
        .. OptionTable.OfAdamFamily<Adam8BitOptions>(),
        Option.Integer<Adam8BitOptions>("blockSize", o => o.BlockSize, (o, x) => o with { BlockSize = x }),
        Option.Integer<Adam8BitOptions>("minQuantizedSize", o => o.MinQuantizedSize, (o, x) => o with { MinQuantizedSize = x }),
    ]);

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, string>> FixedValues => Table.FixedValues(this);

    /// <inheritdoc/>
    protected internal override void Validate()
    {
        base.Validate();
        Require.Between(BlockSize, 1, 65_536, "blockSize");
        Require.AtLeast(MinQuantizedSize, 0, "minQuantizedSize");
    }
}
