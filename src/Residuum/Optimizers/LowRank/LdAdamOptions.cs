namespace Residuum.Optimizers;

/// <summary>Options of <see cref="LdAdam"/>: section 5 of its page.</summary>
public sealed record LdAdamOptions : LowRankOptions
{
    /// <summary>Options with the authors' defaults: learning rate 1e-3, betas 0.908 and 0.99, epsilon 1e-8, no decay, rank 16.</summary>
    public LdAdamOptions()
    {
        LearningRate = 1e-3;
        Beta1 = 0.908;
        Beta2 = 0.99;
        Rank = 16;
    }

    /// <summary>
    /// The share of the momentum in the matrix that the next basis is made for, symbol rho: in [0, 1), default 0.908 (the authors'). Per
    /// group and fixed.
    /// </summary>
    public double Rho { get; init; } = 0.908;

    /// <summary>On which side the basis lies, default the shorter one (the authors' <c>std</c>). Per group and fixed.</summary>
    public ProjectionSide ProjectionSide { get; init; } = ProjectionSide.Auto;

    /// <summary>How the basis is found, default one power iteration a step (the authors'). Per group and fixed.</summary>
    public SubspaceMethod SubspaceMethod { get; init; } = SubspaceMethod.PowerIteration;

    /// <summary>
    /// Whether what the subspace leaves over is added to the next gradient, default yes (the authors'). Per group and fixed.
    /// </summary>
    public bool ErrorFeedback { get; init; } = true;

    /// <summary>
    /// Where the error is kept, default in memory of its own (ours; the authors keep it in the gradient). Per group and fixed.
    /// </summary>
    public ErrorBuffer ErrorBuffer { get; init; } = ErrorBuffer.OwnBuffer;

    /// <summary>
    /// Which parameters are low-rank, default by the rule of <see cref="LowRankOptions"/> (the authors' must be given). Per group and
    /// fixed.
    /// </summary>
    public LowRankChoice LowRank { get; init; } = LowRankChoice.Auto;

    internal static OptionTable<LdAdamOptions> Table { get; } = new(
    [
        .. OptionTable.OfAdamFamily<LdAdamOptions>(),
        .. LowRankTable.OfLowRank<LdAdamOptions>(),
        Option.Number<LdAdamOptions>("rho", o => o.Rho, (o, x) => o with { Rho = x }),
        Option.Choice<LdAdamOptions, ProjectionSide>("projectionSide", o => o.ProjectionSide, (o, x) => o with { ProjectionSide = x }),
        Option.Choice<LdAdamOptions, SubspaceMethod>("subspaceMethod", o => o.SubspaceMethod, (o, x) => o with { SubspaceMethod = x }),
        Option.Flag<LdAdamOptions>("errorFeedback", o => o.ErrorFeedback, (o, x) => o with { ErrorFeedback = x }),
        Option.Choice<LdAdamOptions, ErrorBuffer>("errorBuffer", o => o.ErrorBuffer, (o, x) => o with { ErrorBuffer = x }),
        Option.Choice<LdAdamOptions, LowRankChoice>("lowRank", o => o.LowRank, (o, x) => o with { LowRank = x }),
    ]);

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, string>> FixedValues => Table.FixedValues(this);

    /// <summary>The authors' epsilon is greater than 0.</summary>
    protected internal override bool AllowsEpsilonZero => false;

    /// <summary>What the rule says of a parameter.</summary>
    /// <exception cref="ArgumentException">It must be low-rank and cannot be.</exception>
    internal LowRankDecision Decide(string name, IReadOnlyList<int> shape) => LowRankRule.Decide(name, shape, this, LowRank, IsRight);

    /// <inheritdoc/>
    protected internal override void Validate()
    {
        base.Validate();
        Require.InUnitInterval(Rho, "rho");
        if (ProjectionSide == ProjectionSide.Full)
        {
            throw new ArgumentException(
                "The option projectionSide is full; in ldadam it must be auto, reverse, left or right.", "projectionSide");
        }
    }

    // Page, section 1: a square matrix is left whatever auto and reverse say.
    private bool? IsRight(int rows, int columns) => ProjectionSide switch
    {
        ProjectionSide.Left => false,
        ProjectionSide.Right => true,
        ProjectionSide.Reverse => rows < columns,
        _ => rows > columns,
    };
}
