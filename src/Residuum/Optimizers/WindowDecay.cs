namespace Residuum.Optimizers;

/// <summary>
/// beta1 and beta2 to the ages of the rows of a window, the same for all tensors of a group (methods page of MicroAdam, section 4).
/// </summary>
/// <param name="group">Gives the betas.</param>
/// <param name="window">m, the rows.</param>
internal sealed class WindowDecay(AdamGroup group, int window)
{
    private readonly float[] _powers1 = new float[window];
    private readonly float[] _powers2 = new float[window];
    private double _beta1 = double.NaN;
    private double _beta2 = double.NaN;

    /// <summary>beta1 to the ages 0 to m - 1.</summary>
    public ReadOnlySpan<float> Powers1 => _powers1;

    /// <summary>beta2 to the ages 0 to m - 1.</summary>
    public ReadOnlySpan<float> Powers2 => _powers2;

    /// <summary>Computes the powers again where the group's betas have changed.</summary>
    public void Follow()
    {
        if (_beta1 == group.Beta1 && _beta2 == group.Beta2)
        {
            return;
        }

        (_beta1, _beta2) = (group.Beta1, group.Beta2);
        for (int age = 0; age < window; age++)
        {
            _powers1[age] = (float)Math.Pow(_beta1, age);
            _powers2[age] = (float)Math.Pow(_beta2, age);
        }
    }
}
