namespace Residuum.Optimizers;

/// <summary>Options of <see cref="Sgd"/>. Defaults are PyTorch's.</summary>
public sealed record SgdOptions : OptimizerOptions
{
    /// <summary>Options with the defaults: learning rate 1e-3, no momentum, no decay.</summary>
    public SgdOptions() => LearningRate = 1e-3;

    /// <summary>
    /// Momentum, symbol mu: in [0, 1), default 0. Per group and step, but a group made without momentum has no buffer and stays without.
    /// </summary>
    public double Momentum { get; init; }

    /// <summary>Dampening of the gradient in the momentum buffer: in [0, 1], default 0. Per group and fixed.</summary>
    public double Dampening { get; init; }

    /// <summary>Nesterov's form, default false; needs momentum and no dampening. Per group and fixed.</summary>
    public bool Nesterov { get; init; }

    internal static OptionTable<SgdOptions> Table { get; } = new(
    [
        .. OptionTable.OfEveryMethod<SgdOptions>(),
        Option.Number<SgdOptions>("momentum", o => o.Momentum, (o, x) => o with { Momentum = x }, live: true),
        Option.Number<SgdOptions>("dampening", o => o.Dampening, (o, x) => o with { Dampening = x }),
        Option.Flag<SgdOptions>("nesterov", o => o.Nesterov, (o, x) => o with { Nesterov = x }),
    ]);

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, string>> FixedValues => Table.FixedValues(this);

    /// <inheritdoc/>
    protected internal override void Validate()
    {
        base.Validate();
        Require.InUnitInterval(Momentum, "momentum");
        Require.InClosedUnitInterval(Dampening, "dampening");
        if (Nesterov && (Momentum == 0 || Dampening != 0))
        {
            throw new ArgumentException(
                $"The option nesterov needs momentum greater than 0 and dampening 0, but momentum is {Momentum} and dampening {Dampening}.",
                "nesterov");
        }
    }
}
