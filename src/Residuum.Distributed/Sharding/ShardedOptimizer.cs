using System.Runtime.InteropServices;
using Residuum.Distributed.Collectives;
using Residuum.Distributed.Exchange;
using Residuum.Optimizers;
using Residuum.State;

namespace Residuum.Distributed.Sharding;

/// <summary>
/// An optimizer whose state is divided between the ranks (stage 1 of ZeRO), and its gradients too where asked (stage 2): each rank keeps
/// the state of the entries it owns, steps those, and gets the others from their owners.
/// </summary>
/// <remarks>
/// Methods that work entry by entry or block by block are divided at blocks, others by whole parameters, balanced by the bytes of their
/// state: so the steps are those of the undivided optimizer, bit for bit. Guard and clipping see all gradients: each rank those of all,
/// which are the same everywhere after the exchange, or where gradients are divided all ranks together. A checkpoint has the undivided
/// optimizer's content: it resumes on any number of ranks, and without sharding.
/// </remarks>
public sealed class ShardedOptimizer : Optimizer
{
    // 1 MB: larger pieces travel alone, without a copy.
    private const int AloneFrom = 262_144;

    private readonly Optimizer _own;
    private readonly IReadOnlyList<(Parameter Whole, Parameter Piece)> _stepped;
    private readonly ICollectives _collectives;
    private readonly GradientShards? _gradients;
    private readonly ShardedGradientPass? _gradientPass;
    private readonly IReadOnlyList<ShardPiece> _pieces;
    private readonly int[] _packedBytes;
    private readonly float[] _packed;
    private readonly List<ShardedField> _fields = [];

    private ShardedOptimizer(
        Optimizer own,
        IReadOnlyList<(Parameter Whole, Parameter Piece)> stepped,
        IReadOnlyList<NamedGroup> groups,
        ShardPlan plan,
        GradientShards? gradients,
        ICollectives collectives,
        StepSettings settings)
        : base([.. groups.Select((group, i) => new ShardedGroup(group.Parameters, own.Groups[i]))], settings)
    {
        _own = own;
        _stepped = stepped;
        _collectives = collectives;
        _gradients = gradients;
        _gradientPass = gradients is null ? null : new ShardedGradientPass(Parameters, plan.Pieces, gradients, collectives, Work, settings);
        _pieces = plan.Pieces;
        _packedBytes = PackedBytes(plan.Pieces, collectives.Size);
        _packed = new float[(_packedBytes.Sum() + _packedBytes[collectives.Rank]) / sizeof(float)];
        AddFields(plan);
    }

    /// <inheritdoc/>
    public override string Method => _own.Method;

    /// <summary>The bytes of the state that this rank keeps, without the counters.</summary>
    public override long StateBytes => _own.StateBytes;

    /// <inheritdoc/>
    public override long ScratchBytes => _own.ScratchBytes + (sizeof(float) * (long)_packed.Length) + (_gradientPass?.ScratchBytes ?? 0);

    /// <inheritdoc/>
    public override double StepTrafficBytes => _own.StepTrafficBytes;

    /// <summary>Makes this rank's part of an optimizer.</summary>
    /// <param name="kind">The method; one whose state is that of its parameters.</param>
    /// <param name="groups">All parameters with their options as text; the same on all ranks.</param>
    /// <param name="collectives">The ranks.</param>
    /// <param name="settings">Threads, guard and clipping; null for the defaults.</param>
    /// <param name="stage">What is divided.</param>
    /// <exception cref="ArgumentException">
    /// The method sees all parameters as one vector, the parameters are too small for so many ranks, or an option is wrong.
    /// </exception>
    public static ShardedOptimizer Create(
        OptimizerKind kind,
        IReadOnlyList<NamedGroup> groups,
        ICollectives collectives,
        StepSettings? settings = null,
        ShardStage stage = ShardStage.State)
    {
        ArgumentNullException.ThrowIfNull(kind);
        ArgumentNullException.ThrowIfNull(groups);
        ArgumentNullException.ThrowIfNull(collectives);
        if (kind.Name.Contains('+', StringComparison.Ordinal))
        {
            throw new ArgumentException(
                $"The state of {kind.Name} cannot be divided between ranks; that of one method alone can.", nameof(kind));
        }

        settings ??= new StepSettings();
        ShardPlan plan = ShardPlan.Of(kind, [.. groups.Select(Shapes)], collectives.Size, settings.Threads);
        Parameter[] parameters = [.. groups.SelectMany(group => group.Parameters)];
        GradientShards? gradients = stage == ShardStage.State
            ? null
            : new GradientShards(parameters, plan.Pieces, collectives, settings.NonFinite != NonFinitePolicy.Off);
        (Parameter Whole, Parameter Piece)[] stepped =
        [
            .. from piece in plan.Pieces
               where piece.Owner == collectives.Rank
               let whole = parameters[piece.Parameter]
               select (whole, PieceOf(whole, piece, gradients)),
        ];
        Dictionary<Parameter, Parameter> own = stepped.ToDictionary(pair => pair.Whole, pair => pair.Piece);
        IEnumerable<NamedGroup> ownGroups = groups.Select(group =>
            group with { Parameters = [.. group.Parameters.Where(own.ContainsKey).Select(parameter => own[parameter])] });
        StepSettings ownSettings = settings with { NonFinite = NonFinitePolicy.Off, ClipNorm = null, ClipValue = null };
        return new ShardedOptimizer(kind.Create([.. ownGroups], ownSettings), stepped, groups, plan, gradients, collectives, settings);
    }

    /// <summary>
    /// What each rank will hold, known from shapes and options alone: state, counters, and scratch with the packed parameters.
    /// </summary>
    /// <param name="kind">The method.</param>
    /// <param name="groups">Shapes, each group with its options.</param>
    /// <param name="ranks">How many ranks.</param>
    /// <param name="threads">How many threads a step may use.</param>
    /// <param name="stage">What is divided.</param>
    /// <exception cref="ArgumentException">The method's state cannot be divided, or not between so many ranks.</exception>
    public static IReadOnlyList<MemoryPlan> Plan(
        OptimizerKind kind, IReadOnlyList<ShapedGroup> groups, int ranks, int threads, ShardStage stage = ShardStage.State)
    {
        ShardPlan plan = ShardPlan.Of(kind, groups, ranks, threads);
        int[] packed = PackedBytes(plan.Pieces, ranks);
        int[] lengths = [.. groups.SelectMany(group => group.Parameters).Select(shape => shape.Length)];
        GradientLayout? layout = stage == ShardStage.State ? null : GradientLayout.Of(plan.Pieces, lengths, ranks);
        long shared = layout is null ? 0 : sizeof(float) * (long)ShardedGradientPass.SharedLength(plan.Pieces, lengths);
        return
        [
            .. Enumerable.Range(0, ranks).Select(rank =>
            {
                MemoryPlan own = plan.OfRank(rank, threads);
                return own with
                {
                    ScratchBytes = own.ScratchBytes + packed.Sum() + packed[rank] + shared,
                    GradientBytes = layout?.BytesOf(rank),
                };
            }),
        ];
    }

    /// <summary>The exchange of this optimizer's gradients.</summary>
    internal GradientExchange Exchange(ExchangeOptions options, int checkEvery) =>
        new(Parameters, options, _collectives, Settings, checkEvery, local: null, _gradients);

    /// <summary>Gives all ranks the entries that their owners have stepped: small pieces in one call, large ones each in place.</summary>
    internal void GatherParameters()
    {
        Span<float> part = _packed.AsSpan(0, _packedBytes[_collectives.Rank] / sizeof(float));
        Span<float> all = _packed.AsSpan(part.Length);
        int end = 0;
        foreach (ShardPiece piece in _pieces)
        {
            if (piece.Owner == _collectives.Rank && piece.Length < AloneFrom)
            {
                Values(piece).CopyTo(part[end..]);
                end += piece.Length;
            }
        }

        _collectives.AllGather(MemoryMarshal.AsBytes(part), _packedBytes, MemoryMarshal.AsBytes(all));
        for (int rank = 0, start = 0; rank < _collectives.Size; rank++)
        {
            foreach (ShardPiece piece in _pieces)
            {
                if (piece.Owner == rank && piece.Length < AloneFrom)
                {
                    all.Slice(start, piece.Length).CopyTo(Values(piece));
                    start += piece.Length;
                }
            }
        }

        foreach (ShardPiece piece in _pieces)
        {
            if (piece.Length >= AloneFrom)
            {
                _collectives.Broadcast(MemoryMarshal.AsBytes(Values(piece)), piece.Owner);
            }
        }
    }

    /// <summary>
    /// Brings the state of all ranks to rank 0, which is going to write it; there it takes the memory of the undivided state.
    /// </summary>
    internal void GatherState()
    {
        foreach (ShardedField field in _fields)
        {
            field.BringTo(root: 0, _collectives);
        }
    }

    /// <inheritdoc/>
    internal override StepReport GuardAndClip() => _gradientPass?.Run() ?? base.GuardAndClip();

    /// <inheritdoc/>
    internal override NonFiniteGradientException Failure(StepReport report) => _gradientPass?.Failure(report) ?? base.Failure(report);

    /// <inheritdoc/>
    protected override void Update()
    {
        foreach (ParameterGroup group in Groups)
        {
            ((ShardedGroup)group).PassOn();
        }

        foreach ((Parameter whole, Parameter piece) in _stepped)
        {
            piece.HasGradient = whole.HasGradient;
        }

        _own.Step();
    }

    // For every field of the undivided state who has which part of it.
    private void AddFields(ShardPlan plan)
    {
        Dictionary<string, StateField> live = _own.State.ToDictionary(field => field.Name, StringComparer.Ordinal);
        MemoryPlan[] ofRanks = [.. Enumerable.Range(0, _collectives.Size).Select(rank => plan.OfRank(rank, Settings.Threads))];
        ILookup<string, int> owners = plan.Pieces.ToLookup(
            piece => Parameters[piece.Parameter].Name, piece => piece.Owner, StringComparer.Ordinal);
        ILookup<(int Rank, string? Owner, string Name), FieldSpec> specs = ofRanks
            .SelectMany((ofRank, rank) => ofRank.Fields.Select(field => (Key: (rank, field.Owner, field.Spec.Name), field.Spec)))
            .ToLookup(field => field.Key, field => field.Spec);
        foreach (PlannedField planned in plan.Undivided.Fields)
        {
            (int Owner, FieldSpec Spec)[] parts =
                [.. owners[planned.Owner!].Select(owner => (owner, specs[(owner, planned.Owner, planned.Spec.Name)].Single()))];
            ShardedField field = new(planned, parts, _collectives.Rank, live.GetValueOrDefault($"{planned.Owner}.{planned.Spec.Name}"));
            _fields.Add(field);
            AddState(field.InState);
        }
    }

    private Span<float> Values(ShardPiece piece) => Parameters[piece.Parameter].Values.Span.Slice(piece.Start, piece.Length);

    private static Parameter PieceOf(Parameter parameter, ShardPiece piece, GradientShards? gradients)
    {
        bool isWhole = piece.Length == parameter.Length;
        if (isWhole && gradients is null)
        {
            return parameter;
        }

        Memory<float> gradient = gradients?.GradientOf(piece) ?? parameter.Gradient.Slice(piece.Start, piece.Length);
        ReadOnlySpan<int> shape = isWhole ? parameter.Shape : [piece.Length];
        return new Parameter(parameter.Name, shape, parameter.Values.Slice(piece.Start, piece.Length), gradient);
    }

    private static int[] PackedBytes(IReadOnlyList<ShardPiece> pieces, int ranks)
    {
        int[] bytes = new int[ranks];
        foreach (ShardPiece piece in pieces)
        {
            if (piece.Length < AloneFrom)
            {
                bytes[piece.Owner] = checked(bytes[piece.Owner] + (sizeof(float) * piece.Length));
            }
        }

        return bytes;
    }

    private static ShapedGroup Shapes(NamedGroup group) =>
        new([.. group.Parameters.Select(parameter => new ShapedParameter(parameter.Name, parameter.Shape.ToArray()))], group.Options);
}
