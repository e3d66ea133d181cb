namespace Residuum.Optimizers;

/// <summary>Options of <see cref="AdamW"/>. Defaults are PyTorch's.</summary>
public sealed record AdamWOptions : AdamFamilyOptions
{
    /// <summary>Options with the defaults: learning rate 1e-3, betas 0.9 and 0.999, epsilon 1e-8, weight decay 1e-2.</summary>
    public AdamWOptions()
    {
        LearningRate = 1e-3;
        WeightDecay = 1e-2;
    }

    internal static OptionTable<AdamWOptions> Table { get; } = new([.. OptionTable.OfAdamFamily<AdamWOptions>()]);
}
