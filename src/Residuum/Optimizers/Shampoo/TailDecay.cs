namespace Residuum.Optimizers;

/// <summary>The factor of the escaped mass at every update of a sketch.</summary>
public enum TailDecay
{
    /// <summary>beta2, as the paper has it.</summary>
    Beta2,

    /// <summary>The root of beta2, as the released module tearfree has it: the bound still holds, twice too wide.</summary>
    SqrtBeta2,
}
