using Residuum.Optimizers;

namespace Residuum.Distributed.Sharding;

/// <summary>
/// All parameters of a group, of which this rank's optimizer has some: values that may change at every step reach it from here.
/// </summary>
/// <param name="parameters">The parameters of all ranks.</param>
/// <param name="own">The group of this rank's optimizer.</param>
internal sealed class ShardedGroup(IEnumerable<Parameter> parameters, ParameterGroup own) : ParameterGroup(parameters, own.Options)
{
    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, double>> LiveValues
    {
        get
        {
            PassOn();
            return own.LiveValues;
        }
    }

    /// <inheritdoc/>
    public override bool TrySet(string name, double value) => base.TrySet(name, value) | own.TrySet(name, value);

    /// <summary>Gives rate and decay to this rank's optimizer.</summary>
    public void PassOn()
    {
        own.LearningRate = LearningRate;
        own.WeightDecay = WeightDecay;
    }
}
