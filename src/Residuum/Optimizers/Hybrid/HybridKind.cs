namespace Residuum.Optimizers;

/// <summary>
/// Several methods of the catalogue joined by <c>+</c>, such as <c>s-shampoo+adam8bit</c>: the first takes every parameter that no later
/// one takes.
/// </summary>
/// <remarks>
/// Options of the first method have their own names, those of a later one its name and a dot before: <c>adam8bit.learningRate</c>. A later
/// method takes the parameters whose names <c>METHOD.only</c> fits (default: embeddings and output heads) and, with <c>METHOD.vectors</c>
/// (default true), those of at most one dimension. A method that is left without parameters has no part in the optimizer.
/// </remarks>
internal sealed class HybridKind : OptimizerKind
{
    private const string Only = "only";
    private const string Vectors = "vectors";

    private readonly OptimizerKind[] _kinds;

    /// <summary>Joins methods.</summary>
    /// <param name="kinds">At least two, all different.</param>
    public HybridKind(IReadOnlyList<OptimizerKind> kinds)
        : base(string.Join(OptimizerCatalog.Joint, kinds.Select(kind => kind.Name)), "Several methods, each for its own parameters.")
    {
        _kinds = [.. kinds];
        OptionNames =
        [
            .. _kinds[0].OptionNames,
            .. _kinds.Skip(1).SelectMany(kind => kind.OptionNames.Prepend(Vectors).Prepend(Only).Select(name => Prefix(kind) + name)),
        ];
    }

    public override IReadOnlyList<string> OptionNames { get; }

    public override IReadOnlyList<KeyValuePair<string, string>> Describe(IEnumerable<KeyValuePair<string, string>> options)
    {
        Share[] shares = SharesOf(options);
        return
        [
            .. shares[0].Kind.Describe(shares[0].Options),
            .. shares.Skip(1).SelectMany(share => share.Kind.Describe(share.Options)
                .Prepend(new(Vectors, share.TakesVectors ? "true" : "false")).Prepend(new(Only, share.Names))
                .Select(option => new KeyValuePair<string, string>(Prefix(share.Kind) + option.Key, option.Value))),
        ];
    }

    public override Optimizer Create(IReadOnlyList<NamedGroup> groups, StepSettings? settings = null)
    {
        settings ??= new StepSettings();
        List<NamedGroup>[] divided = Divide(
            groups,
            group => group.Options,
            group => group.Parameters,
            parameter => parameter.Name,
            parameter => parameter.Shape.Length,
            (parameters, options) => new NamedGroup(parameters, options));

        // Guard and clipping are the hybrid's; the parts still see what they must refuse, but count no skips of their own.
        StepSettings ofParts =
            settings.NonFinite == NonFinitePolicy.SkipAtMost ? settings with { NonFinite = NonFinitePolicy.Skip } : settings;
        IEnumerable<Optimizer> parts =
            _kinds.Zip(divided).Where(part => part.Second.Count > 0).Select(part => part.First.Create(part.Second, ofParts));
        return new HybridOptimizer([.. parts], settings);
    }

    public override MemoryPlan Plan(IReadOnlyList<ShapedGroup> groups, int threads)
    {
        List<ShapedGroup>[] divided = Divide(
            groups,
            group => group.Options,
            group => group.Parameters,
            parameter => parameter.Name,
            parameter => parameter.Shape.Count,
            (parameters, options) => new ShapedGroup(parameters, options));
        List<PlannedField> fields = [];
        List<PlannedTreatment> treatments = [];
        long scratchBytes = 0;
        foreach ((OptimizerKind kind, List<ShapedGroup> own) in _kinds.Zip(divided).Where(part => part.Second.Count > 0))
        {
            MemoryPlan plan = kind.Plan(own, threads);
            fields.AddRange(plan.Fields);
            scratchBytes += plan.ScratchBytes;
            Dictionary<string, PlannedTreatment> told =
                plan.Treatments.ToDictionary(treatment => treatment.Parameter, StringComparer.Ordinal);
            treatments.AddRange(own.SelectMany(group => group.Parameters).Select(parameter =>
                told.TryGetValue(parameter.Name, out PlannedTreatment? treatment)
                    ? treatment with { Treatment = $"{kind.Name}, {treatment.Treatment}" }
                    : new PlannedTreatment(parameter.Name, kind.Name)));
        }

        return new MemoryPlan(fields, scratchBytes) { Treatments = treatments };
    }

    private static string Prefix(OptimizerKind kind) => kind.Name + ".";

    // For every method its groups, without those that have no parameter for it.
    private List<TGroup>[] Divide<TGroup, TParameter>(
        IReadOnlyList<TGroup> groups,
        Func<TGroup, IReadOnlyList<KeyValuePair<string, string>>> optionsOf,
        Func<TGroup, IReadOnlyList<TParameter>> parametersOf,
        Func<TParameter, string> nameOf,
        Func<TParameter, int> dimensionsOf,
        Func<IReadOnlyList<TParameter>, IReadOnlyList<KeyValuePair<string, string>>, TGroup> newGroup)
    {
        List<TGroup>[] divided = [.. _kinds.Select(_ => new List<TGroup>())];
        foreach (TGroup group in groups)
        {
            Share[] shares = SharesOf(optionsOf(group));
            ILookup<Share, TParameter> owners = parametersOf(group).ToLookup(parameter =>
                shares.Skip(1).FirstOrDefault(share => share.Takes(nameOf(parameter), dimensionsOf(parameter))) ?? shares[0]);
            for (int i = 0; i < shares.Length; i++)
            {
                TParameter[] own = [.. owners[shares[i]]];
                if (own.Length > 0)
                {
                    divided[i].Add(newGroup(own, shares[i].Options));
                }
            }
        }

        return divided;
    }

    private Share[] SharesOf(IEnumerable<KeyValuePair<string, string>> options)
    {
        Share[] shares = [.. _kinds.Select(kind => new Share(kind))];
        foreach (KeyValuePair<string, string> option in options)
        {
            Share? owner = shares.Skip(1).FirstOrDefault(share => option.Key.StartsWith(Prefix(share.Kind), StringComparison.Ordinal));
            if (owner is null)
            {
                shares[0].Options.Add(option);
                continue;
            }

            switch (option.Key[Prefix(owner.Kind).Length..])
            {
                case Only:
                    owner.Names = option.Value;
                    break;
                case Vectors:
                    owner.TakesVectors = option.Value switch
                    {
                        "true" => true,
                        "false" => false,
                        _ => throw new ArgumentException(
                            $"The option {option.Key} is '{option.Value}'; it must be true or false.", nameof(options)),
                    };
                    break;
                case string name:
                    owner.Options.Add(new(name, option.Value));
                    break;
            }
        }

        return shares;
    }

    /// <summary>One method's options, and which parameters it takes.</summary>
    private sealed class Share(OptimizerKind kind)
    {
        public OptimizerKind Kind => kind;

        public List<KeyValuePair<string, string>> Options { get; } = [];

        public string Names { get; set; } = NamePatterns.EmbeddingsAndHeads;

        public bool TakesVectors { get; set; } = true;

        public bool Takes(string name, int dimensions) => (TakesVectors && dimensions <= 1) || NamePatterns.Fit(Names, name);
    }
}
