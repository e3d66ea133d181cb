using Residuum.State;

namespace Residuum.Optimizers;

/// <summary>All methods by name: what the command line, golden cases and checkpoints mean by <c>microadam</c>.</summary>
public static class OptimizerCatalog
{
    /// <summary>What joins the names of several methods.</summary>
    internal const char Joint = '+';

    /// <summary>The methods.</summary>
    public static IReadOnlyList<OptimizerKind> Kinds { get; } =
    [
        new OptimizerKind<SgdOptions>(
            "sgd",
            "Stochastic gradient descent, with momentum where asked.",
            new SgdOptions(),
            SgdOptions.Table,
            (groups, settings) => new Sgd(groups, settings),
            (parameters, _) => PerParameter(parameters, (shape, options) => Sgd.Fields(shape, options))),
        new OptimizerKind<AdamWOptions>(
            "adamw",
            "Adam with decoupled weight decay, the dense baseline.",
            new AdamWOptions(),
            AdamWOptions.Table,
            (groups, settings) => new AdamW(groups, settings),
            (parameters, _) => PerParameter(parameters, (shape, _) => AdamW.Fields(shape))),
        new OptimizerKind<MicroAdamOptions>(
            "microadam",
            "Adam rebuilt from a window of sparse gradients, with 4-bit error feedback.",
            new MicroAdamOptions(),
            MicroAdamOptions.Table,
            (groups, settings) => new MicroAdam(groups, settings),
            (parameters, threads) => PerParameter(
                parameters, (shape, options) => MicroAdam.Fields(shape, options), MicroAdam.PlanScratchBytes(parameters, threads))),
        new OptimizerKind<Adam8BitOptions>(
            "adam8bit",
            "AdamW with both moments in 8 bits an entry, block by block.",
            new Adam8BitOptions(),
            Adam8BitOptions.Table,
            (groups, settings) => new Adam8Bit(groups, settings),
            (parameters, threads) => PerParameter(
                parameters, (shape, options) => Adam8Bit.Fields(shape, options), Adam8Bit.PlanScratchBytes(parameters, threads))),
        new OptimizerKind<AdafactorOptions>(
            "adafactor",
            "Adafactor: second moments of matrices as means of their rows and columns, steps relative to the weights.",
            new AdafactorOptions(),
            AdafactorOptions.Table,
            (groups, settings) => new Adafactor(groups, settings),
            (parameters, threads) => PerParameter(
                parameters, (shape, options) => Adafactor.Fields(shape, options), Adafactor.PlanScratchBytes(parameters, threads))),
        new OptimizerKind<CameOptions>(
            "came",
            "CAME: Adafactor's second moments, and a first moment trusted where it agrees with the updates.",
            new CameOptions(),
            CameOptions.Table,
            (groups, settings) => new Came(groups, settings),
            (parameters, threads) => PerParameter(
                parameters, (shape, options) => Came.Fields(shape, options), Came.PlanScratchBytes(parameters, threads))),
        new OptimizerKind<SubsetNormOptions>(
            "subset-norm",
            "Adam, AdaGrad or RMSprop with one second moment for a row, a column or a group of entries.",
            new SubsetNormOptions(),
            SubsetNormOptions.Table,
            (groups, settings) => new SubsetNorm(groups, settings),
            SubsetNorm.Plan),
        new OptimizerKind<MfacOptions>(
            "mfac",
            "Inverse Fisher matrix of a window of whole gradients (M-FAC).",
            new MfacOptions(),
            MfacOptions.Table,
            (groups, settings) => new Mfac(groups, settings),
            Mfac.Plan),
        new OptimizerKind<SparseMfacOptions>(
            "sparse-mfac",
            "The same of a window of sparse gradients, with error feedback.",
            new SparseMfacOptions(),
            SparseMfacOptions.Table,
            (groups, settings) => new SparseMfac(groups, settings),
            SparseMfac.Plan),
        new OptimizerKind<LowRankMfacOptions>(
            "lowrank-mfac",
            "The same of a window of low-rank gradients, with error feedback.",
            new LowRankMfacOptions(),
            LowRankMfacOptions.Table,
            (groups, settings) => new LowRankMfac(groups, settings),
            LowRankMfac.Plan),
        new OptimizerKind<GgtOptions>(
            "ggt",
            "Full-matrix AdaGrad over a window of whole gradients (GGT).",
            new GgtOptions(),
            GgtOptions.Table,
            (groups, settings) => new Ggt(groups, settings),
            Ggt.Plan),
        new OptimizerKind<SparseGgtOptions>(
            "sparse-ggt",
            "The same over a window of sparse gradients, with error feedback.",
            new SparseGgtOptions(),
            SparseGgtOptions.Table,
            (groups, settings) => new SparseGgt(groups, settings),
            SparseGgt.Plan),
        new OptimizerKind<LowRankGgtOptions>(
            "lowrank-ggt",
            "The same over a window of low-rank gradients, with error feedback.",
            new LowRankGgtOptions(),
            LowRankGgtOptions.Table,
            (groups, settings) => new LowRankGgt(groups, settings),
            LowRankGgt.Plan),
        new OptimizerKind<LdAdamOptions>(
            "ldadam",
            "Adam in a low-rank subspace that moves at every step, with error feedback.",
            new LdAdamOptions(),
            LdAdamOptions.Table,
            (groups, settings) => new LdAdam(groups, settings),
            (parameters, _) => LdAdam.Plan(parameters)),
        new OptimizerKind<GaLoreOptions>(
            "galore",
            "Adam on the gradient's projection on a low-rank subspace that is renewed now and then.",
            new GaLoreOptions(),
            GaLoreOptions.Table,
            (groups, settings) => new GaLore(groups, settings),
            (parameters, _) => GaLore.Plan(parameters)),
        new OptimizerKind<SubspaceMomentumOptions>(
            "subspace-momentum",
            "Momentum inside a low-rank subspace, the plain gradient outside it, divided by the norms of subsets.",
            new SubspaceMomentumOptions(),
            SubspaceMomentumOptions.Table,
            (groups, settings) => new SubspaceMomentum(groups, settings),
            (parameters, _) => SubspaceMomentum.Plan(parameters)),
        .. OnlineMethods.Kinds,
        new OptimizerKind<ShampooOptions>(
            "shampoo",
            "Dense second moments of every axis of a tensor, and their inverse roots.",
            new ShampooOptions(),
            ShampooOptions.Table,
            (groups, settings) => new Shampoo(groups, settings),
            KroneckerOptimizer.Plan),
        new OptimizerKind<SShampooOptions>(
            "s-shampoo",
            "Shampoo with sketched second moments and their escaped mass.",
            new SShampooOptions(),
            SShampooOptions.Table,
            (groups, settings) => new SShampoo(groups, settings),
            KroneckerOptimizer.Plan),
    ];

    internal delegate IReadOnlyList<FieldSpec> FieldsOf<TOptions>(ReadOnlySpan<int> shape, TOptions options);

    /// <summary>
    /// The method of a given name, or several joined by <c>+</c>, each for its own parameters: <c>s-shampoo+adam8bit</c> (docs/hybrid.md).
    /// </summary>
    /// <param name="name">In kebab-case.</param>
    /// <exception cref="UnknownNameException">There is no such method.</exception>
    /// <exception cref="ArgumentException">A method is joined to itself.</exception>
    public static OptimizerKind Get(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        OptimizerKind[] joined = [.. name.Split(Joint).Select(GetOne)];
        return joined.Length == 1 ? joined[0]
            : joined.Distinct().Count() == joined.Length ? new HybridKind(joined)
            : throw new ArgumentException($"The optimizer '{name}' joins a method to itself; each may be named once.", nameof(name));
    }

    private static OptimizerKind GetOne(string name) =>
        Kinds.FirstOrDefault(kind => kind.Name == name)
            ?? throw new UnknownNameException("optimizer", name, [.. Kinds.Select(kind => kind.Name)]);

    // Methods whose state is the sum over their parameters.
    internal static MemoryPlan PerParameter<TOptions>(
        IReadOnlyList<(ShapedParameter Parameter, TOptions Options)> parameters, FieldsOf<TOptions> fields, long scratchBytes = 0)
    {
        List<PlannedField> planned = [];
        foreach ((ShapedParameter parameter, TOptions options) in parameters)
        {
            planned.AddRange(fields([.. parameter.Shape], options).Select(spec => new PlannedField(parameter.Name, spec)));
        }

        return new MemoryPlan(planned, scratchBytes);
    }
}
