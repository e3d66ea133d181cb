namespace Residuum.Optimizers;

/// <summary>Both betas of a group to the power of a step.</summary>
/// <remarks>
/// The parameters of a group are mostly at the same step, and two powers take as long as the update of a hundred weights: a thread keeps
/// those it computed last.
/// </remarks>
internal readonly record struct BetaPowers(double Of1, double Of2)
{
    [ThreadStatic]
    private static (double Beta1, double Beta2, long Step, BetaPowers Powers) _last;

    /// <summary>The powers.</summary>
    /// <param name="group">Gives the betas.</param>
    /// <param name="step">The step, from 1.</param>
    public static BetaPowers At(AdamGroup group, long step)
    {
        if (_last.Step != step || _last.Beta1 != group.Beta1 || _last.Beta2 != group.Beta2)
        {
            BetaPowers powers = new(Math.Pow(group.Beta1, step), Math.Pow(group.Beta2, step));
            _last = (group.Beta1, group.Beta2, step, powers);
        }

        return _last.Powers;
    }
}
