namespace Residuum.Optimizers;

/// <summary>A method of the catalogue, joined to its options record.</summary>
/// <param name="name">The name in kebab-case.</param>
/// <param name="summary">What it is, in one sentence.</param>
/// <param name="defaults">The options' defaults.</param>
/// <param name="table">The options by name.</param>
/// <param name="create">Makes the optimizer.</param>
/// <param name="plan">Tells its memory.</param>
internal sealed class OptimizerKind<TOptions>(
    string name,
    string summary,
    TOptions defaults,
    OptionTable<TOptions> table,
    Func<IEnumerable<GroupOptions<TOptions>>, StepSettings?, Optimizer> create,
    Func<IReadOnlyList<(ShapedParameter Parameter, TOptions Options)>, int, MemoryPlan> plan)
    : OptimizerKind(name, summary)
    where TOptions : OptimizerOptions
{
    public override IReadOnlyList<string> OptionNames => table.Names;

    public override IReadOnlyList<KeyValuePair<string, string>> Describe(IEnumerable<KeyValuePair<string, string>> options) =>
        [.. table.Values(Read(options))];

    public override Optimizer Create(IReadOnlyList<NamedGroup> groups, StepSettings? settings = null) =>
        create(groups.Select(group => new GroupOptions<TOptions>(group.Parameters, Read(group.Options))), settings);

    public override MemoryPlan Plan(IReadOnlyList<ShapedGroup> groups, int threads)
    {
        List<(ShapedParameter Parameter, TOptions Options)> parameters = [];
        foreach (ShapedGroup group in groups)
        {
            TOptions options = Read(group.Options);
            parameters.AddRange(group.Parameters.Select(parameter => (parameter, options)));
        }

        return plan(parameters, threads);
    }

    private TOptions Read(IEnumerable<KeyValuePair<string, string>> options)
    {
        TOptions read = table.Apply(Name, defaults, options);
        read.Validate();
        return read;
    }
}
