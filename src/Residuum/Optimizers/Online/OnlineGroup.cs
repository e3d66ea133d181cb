namespace Residuum.Optimizers;

/// <summary>
/// A group of a method of online convex optimization: the learning rate may change at every step, and there is no weight decay.
/// </summary>
public sealed class OnlineGroup : ParameterGroup
{
    /// <summary>Makes a group.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="options">Where the rate starts.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public OnlineGroup(IEnumerable<Parameter> parameters, OnlineOptions options)
        : base(parameters, options)
    {
    }

    private protected override double RequireWeightDecay(double value) => OnlineOptions.RequireNoWeightDecay(value);

    private protected override IEnumerable<LiveValue> Live => base.Live.Where(live => live.Name != "weightDecay");
}
