namespace Residuum.Optimizers;

/// <summary>What a step of Adam needs besides the arrays, computed in double and rounded once.</summary>
internal readonly struct AdamScalars(AdamGroup group, long t)
{
    public readonly float Beta1 = (float)group.Beta1;
    public readonly float Rest1 = (float)(1 - group.Beta1);
    public readonly float Beta2 = (float)group.Beta2;
    public readonly float Rest2 = (float)(1 - group.Beta2);
    public readonly float Epsilon = (float)group.Epsilon;
    public readonly float Decay = (float)(1 - (group.LearningRate * group.WeightDecay));

    public float Eta { get; init; } = (float)(group.LearningRate / (1 - BetaPowers.At(group, t).Of1));

    public float Root { get; init; } = (float)(1 / Math.Sqrt(1 - BetaPowers.At(group, t).Of2));

    /// <summary>
    /// Epsilon before bias correction and decay after the step, as GaLore has it: with c the correction,
    /// <c>(1 - eta lambda)(w - eta c m / (sqrt(v) + epsilon))</c> has the form of AdamW's step.
    /// </summary>
    /// <param name="group">The group.</param>
    /// <param name="t">The step, from 1.</param>
    /// <param name="correctsBias">Whether c is sqrt(1 - beta2^t) / (1 - beta1^t), and not 1.</param>
    public static AdamScalars DecayLast(AdamGroup group, long t, bool correctsBias)
    {
        double decay = 1 - (group.LearningRate * group.WeightDecay);
        return new AdamScalars(group, t)
        {
            Eta = (float)(decay * group.LearningRate * BiasCorrection.Of(group, t, correctsBias)),
            Root = 1,
        };
    }
}
