using System.Runtime.InteropServices;
using Residuum.Distributed.Collectives;
using Residuum.Distributed.Exchange;
using Residuum.Optimizers;
using Residuum.State;

namespace Residuum.Distributed.Sharding;

/// <summary>
/// An optimizer whose state is divided between the ranks (stage 1 of ZeRO), and where asked gradients (stage 2) and parameters (stage 3)
/// too: each rank keeps the state of the entries it owns, steps those, and gets the others from their owners: after the step, or of
/// divided parameters when an operation reads them.
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

    private const string Model = "model";

    private readonly Optimizer _own;
    private readonly IReadOnlyList<(Parameter Whole, Parameter Piece)> _stepped;
    private readonly ICollectives _collectives;
    private readonly GradientShards? _gradients;
    private readonly ParameterShards? _values;
    private readonly ShardedGradientPass? _gradientPass;
    private readonly IReadOnlyList<ShardPiece> _pieces;
    private readonly int[] _packedBytes;
    private readonly float[] _packed;
    private readonly List<ShardedField> _fields = [];
    private readonly List<ShardedField> _modelFields = [];

    private ShardedOptimizer(
        Optimizer own,
        IReadOnlyList<(Parameter Whole, Parameter Piece)> stepped,
        IReadOnlyList<NamedGroup> groups,
        ShardPlan plan,
        GradientShards? gradients,
        ParameterShards? values,
        ICollectives collectives,
        StepSettings settings)
        : base([.. groups.Select((group, i) => new ShardedGroup(group.Parameters, own.Groups[i]))], settings)
    {
        _own = own;
        _stepped = stepped;
        _collectives = collectives;
        _gradients = gradients;
        _values = values;
        _gradientPass = gradients is null ? null : new ShardedGradientPass(Parameters, plan.Pieces, gradients, collectives, Work, settings);
        _pieces = plan.Pieces;
        _packedBytes = values is null ? PackedBytes(plan.Pieces, collectives.Size) : new int[collectives.Size];
        _packed = new float[(_packedBytes.Sum() + _packedBytes[collectives.Rank]) / sizeof(float)];
        AddFields(plan);
        if (values is not null)
        {
            AddModelFields(plan, values);
        }
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
        ShardLayout layout = ShardLayout.Of(plan.Pieces, [.. parameters.Select(parameter => parameter.Length)], collectives.Size);
        GradientShards? gradients = stage >= ShardStage.Gradients
            ? new GradientShards(parameters, layout, collectives, settings.NonFinite != NonFinitePolicy.Off)
            : null;
        ParameterShards? values = stage >= ShardStage.Parameters ? new ParameterShards(parameters, plan.Pieces, layout, collectives) : null;
        (Parameter Whole, Parameter Piece)[] stepped =
        [
            .. from piece in plan.Pieces
               where piece.Owner == collectives.Rank
               let whole = parameters[piece.Parameter]
               select (whole, PieceOf(whole, piece, gradients, values)),
        ];
        Dictionary<Parameter, Parameter> own = stepped.ToDictionary(pair => pair.Whole, pair => pair.Piece);
        IEnumerable<NamedGroup> ownGroups = groups.Select(group =>
            group with { Parameters = [.. group.Parameters.Where(own.ContainsKey).Select(parameter => own[parameter])] });
        StepSettings ownSettings = settings with { NonFinite = NonFinitePolicy.Off, ClipNorm = null, ClipValue = null };
        return new ShardedOptimizer(
            kind.Create([.. ownGroups], ownSettings), stepped, groups, plan, gradients, values, collectives, settings);
    }

    /// <summary>
    /// What each rank will hold, known from shapes and options alone: state, counters, scratch with the packed parameters, and divided
    /// gradients and parameters.
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
        int[] lengths = [.. groups.SelectMany(group => group.Parameters).Select(shape => shape.Length)];
        ShardLayout layout = ShardLayout.Of(plan.Pieces, lengths, ranks);
        int[] packed = stage >= ShardStage.Parameters ? new int[ranks] : PackedBytes(plan.Pieces, ranks);
        long shared = stage >= ShardStage.Gradients ? sizeof(float) * (long)ShardedGradientPass.SharedLength(plan.Pieces, lengths) : 0;
        return
        [
            .. Enumerable.Range(0, ranks).Select(rank =>
            {
                MemoryPlan own = plan.OfRank(rank, threads);
                return own with
                {
                    ScratchBytes = own.ScratchBytes + packed.Sum() + packed[rank] + shared,
                    GradientBytes = stage >= ShardStage.Gradients ? layout.BytesOf(rank) : null,
                    ParameterBytes = stage >= ShardStage.Parameters ? layout.BytesOf(rank) : null,
                };
            }),
        ];
    }

    /// <summary>What has the values of the parameters, where they are divided.</summary>
    internal IValueHolder? Values => _values;

    /// <summary>The exchange of this optimizer's gradients.</summary>
    /// <remarks>Divided parameters were compared while each rank had them all; since then no entry is in two places.</remarks>
    internal GradientExchange Exchange(ExchangeOptions options, int checkEvery) =>
        new(Parameters, options, _collectives, Settings, _values is null ? checkEvery : 0, local: null, _gradients);

    /// <summary>
    /// Sees to it that all ranks work with the entries that their owners have stepped: where parameters are divided, by forgetting what
    /// was gathered; else small pieces come in one call, large ones each in place.
    /// </summary>
    internal void ShareParameters()
    {
        if (_values is not null)
        {
            _values.Forget();
            return;
        }

        Span<float> part = _packed.AsSpan(0, _packedBytes[_collectives.Rank] / sizeof(float));
        Span<float> all = _packed.AsSpan(part.Length);
        int end = 0;
        foreach (ShardPiece piece in _pieces)
        {
            if (piece.Owner == _collectives.Rank && piece.Length < AloneFrom)
            {
                EntriesOf(piece).CopyTo(part[end..]);
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
                    all.Slice(start, piece.Length).CopyTo(EntriesOf(piece));
                    start += piece.Length;
                }
            }
        }

        foreach (ShardPiece piece in _pieces)
        {
            if (piece.Length >= AloneFrom)
            {
                _collectives.Broadcast(MemoryMarshal.AsBytes(EntriesOf(piece)), piece.Owner);
            }
        }
    }

    /// <summary>
    /// Brings what the ranks keep to rank 0, which is going to write it, tensor by tensor: there each is gathered when it is written, and
    /// the other ranks are here until then.
    /// </summary>
    /// <param name="content">What is written; it has this optimizer.</param>
    internal void WriteTogether(CheckpointContent content)
    {
        Dictionary<StateField, ShardedField> divided = _fields.Concat(_modelFields).ToDictionary(field => field.InState);
        foreach (StateField field in content.InFileOrder.Where(divided.ContainsKey))
        {
            if (_collectives.Rank == 0)
            {
                divided[field].GatherWhenWritten();
            }
            else
            {
                divided[field].Gather();
            }
        }
    }

    /// <inheritdoc/>
    internal override void AddParametersTo(CheckpointContent content)
    {
        if (_values is null)
        {
            base.AddParametersTo(content);
            return;
        }

        foreach (ShardedField field in _modelFields)
        {
            content.Add(field.InState);
        }

        content.Restore(_ => _values.Forget());
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
            ShardedField field = new(planned, parts, _collectives, live.GetValueOrDefault($"{planned.Owner}.{planned.Spec.Name}"));
            _fields.Add(field);
            AddState(field.InState);
        }
    }

    // Divided parameters: in a checkpoint they are those of the undivided model.
    private void AddModelFields(ShardPlan plan, ParameterShards values)
    {
        ILookup<int, ShardPiece> piecesOf = plan.Pieces.ToLookup(piece => piece.Parameter);
        for (int i = 0; i < Parameters.Count; i++)
        {
            ShardPiece[] pieces = [.. piecesOf[i]];
            FieldSpec whole = new(Parameters[i].Name, ElementType.F32, [.. Parameters[i].Shape.ToArray()]);
            (int Owner, FieldSpec Spec)[] parts =
                [.. pieces.Select(piece => (piece.Owner, pieces.Length == 1 ? whole : whole with { Shape = [piece.Length] }))];
            int own = Array.FindIndex(pieces, piece => piece.Owner == _collectives.Rank);
            StateField? live = own < 0 ? null : StateField.Of(Model, parts[own].Spec, values.ValuesOf(pieces[own]));
            _modelFields.Add(new ShardedField(new PlannedField(Model, whole), parts, _collectives, live));
        }
    }

    private Span<float> EntriesOf(ShardPiece piece) => Parameters[piece.Parameter].Values.Span.Slice(piece.Start, piece.Length);

    private static Parameter PieceOf(Parameter parameter, ShardPiece piece, GradientShards? gradients, ParameterShards? values)
    {
        bool isWhole = piece.Length == parameter.Length;
        if (isWhole && gradients is null)
        {
            return parameter;
        }

        Memory<float> gradient = gradients?.GradientOf(piece) ?? parameter.Gradient.Slice(piece.Start, piece.Length);
        ReadOnlySpan<int> shape = isWhole ? parameter.Shape : [piece.Length];
        return new Parameter(
            parameter.Name, shape, values?.ValuesOf(piece) ?? parameter.Values.Slice(piece.Start, piece.Length), gradient);
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
