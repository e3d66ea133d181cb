namespace Residuum.Optimizers;

/// <summary>What a step of Adam needs besides the arrays, computed in double and rounded once.</summary>
internal readonly struct AdamScalars(AdamGroup group, long t)
{
    public readonly float Beta1 = (float)group.Beta1;
    public readonly float Rest1 = (float)(1 - group.Beta1);
    public readonly float Beta2 = (float)group.Beta2;
    public readonly float Rest2 = (float)(1 - group.Beta2);
    public readonly float Eta = (float)(group.LearningRate / (1 - Math.Pow(group.Beta1, t)));
    public readonly float Root = (float)(1 / Math.Sqrt(1 - Math.Pow(group.Beta2, t)));
    public readonly float Epsilon = (float)group.Epsilon;
    public readonly float Decay = (float)(1 - (group.LearningRate * group.WeightDecay));
}
