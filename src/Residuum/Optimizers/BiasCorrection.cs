namespace Residuum.Optimizers;

/// <summary>The bias correction of methods that add epsilon before it, as one factor of the rate.</summary>
internal static class BiasCorrection
{
    /// <summary>sqrt(1 - beta2^t) / (1 - beta1^t), or 1 where the method does not correct.</summary>
    public static double Of(AdamGroup group, long t, bool corrects) =>
        corrects ? Math.Sqrt(1 - Math.Pow(group.Beta2, t)) / (1 - Math.Pow(group.Beta1, t)) : 1;
}
