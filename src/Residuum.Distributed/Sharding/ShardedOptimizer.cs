using System.Runtime.InteropServices;
using Residuum.Distributed.Collectives;
using Residuum.Optimizers;
using Residuum.State;

namespace Residuum.Distributed.Sharding;

/// <summary>
/// An optimizer whose state is divided between the ranks (stage 1 of ZeRO): each rank keeps the state of the parameters it owns, steps
/// those, and gets the others from their owners.
/// </summary>
/// <remarks>
/// Whole parameters are divided, balanced by the bytes of their state, so the steps are those of the undivided optimizer, bit for bit. Guard
/// and clipping see all gradients, which are the same on all ranks after the exchange. A checkpoint has the undivided optimizer's content:
/// it resumes on any number of ranks, and without sharding.
/// </remarks>
public sealed class ShardedOptimizer : Optimizer
{
    // 1 MB: larger parameters travel alone, without a copy.
    private const int AloneFrom = 262_144;

    private readonly Optimizer _own;
    private readonly ICollectives _collectives;
    private readonly int[] _owners;
    private readonly int[] _packedBytes;
    private readonly float[] _packed;
    private readonly List<RemoteField> _remote = [];

    private ShardedOptimizer(
        Optimizer own, IReadOnlyList<NamedGroup> groups, MemoryPlan plan, int[] owners, ICollectives collectives, StepSettings? settings)
        : base([.. groups.Select((group, i) => new ShardedGroup(group.Parameters, own.Groups[i]))], settings)
    {
        _own = own;
        _collectives = collectives;
        _owners = owners;
        Dictionary<string, StateField> live = own.State.ToDictionary(field => field.Name, StringComparer.Ordinal);
        Dictionary<string, int> ownerOf = new(StringComparer.Ordinal);
        _packedBytes = new int[collectives.Size];
        for (int i = 0; i < owners.Length; i++)
        {
            ownerOf.Add(Parameters[i].Name, owners[i]);
            if (Parameters[i].Length < AloneFrom)
            {
                _packedBytes[owners[i]] = checked(_packedBytes[owners[i]] + (sizeof(float) * Parameters[i].Length));
            }
        }

        _packed = new float[(_packedBytes.Sum() + _packedBytes[collectives.Rank]) / sizeof(float)];
        foreach (PlannedField planned in plan.Fields)
        {
            RemoteField field = new(planned, ownerOf[planned.Owner!], live.GetValueOrDefault($"{planned.Owner}.{planned.Spec.Name}"));
            _remote.Add(field);
            AddState(field.InState);
        }
    }

    /// <inheritdoc/>
    public override string Method => _own.Method;

    /// <summary>The bytes of the state that this rank keeps, without the counters.</summary>
    public override long StateBytes => _own.StateBytes;

    /// <inheritdoc/>
    public override long ScratchBytes => _own.ScratchBytes + (sizeof(float) * (long)_packed.Length);

    /// <inheritdoc/>
    public override double StepTrafficBytes => _own.StepTrafficBytes;

    /// <summary>Makes this rank's part of an optimizer.</summary>
    /// <param name="kind">The method; one whose state is that of its parameters.</param>
    /// <param name="groups">All parameters with their options as text; the same on all ranks.</param>
    /// <param name="collectives">The ranks.</param>
    /// <param name="settings">Threads, guard and clipping; null for the defaults.</param>
    /// <exception cref="ArgumentException">The method sees all parameters as one vector, there are fewer parameters than ranks, or an option is wrong.</exception>
    public static ShardedOptimizer Create(
        OptimizerKind kind, IReadOnlyList<NamedGroup> groups, ICollectives collectives, StepSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(kind);
        ArgumentNullException.ThrowIfNull(groups);
        ArgumentNullException.ThrowIfNull(collectives);
        settings ??= new StepSettings();
        ShapedGroup[] shapes = [.. groups.Select(group => new ShapedGroup([.. group.Parameters.Select(Shape)], group.Options))];
        MemoryPlan plan = kind.Plan(shapes, settings.Threads);
        if (plan.Fields.Any(field => field.Owner is null))
        {
            throw new ArgumentException(
                $"The method {kind.Name} sees all parameters as one vector; its state cannot be divided between ranks.", nameof(kind));
        }

        if (plan.Fields.Any(field => field.Spec.IsInGradient))
        {
            throw new ArgumentException(
                $"The method {kind.Name} keeps a part of its state in the gradients, which the ranks exchange whole; give its error a memory of its own.",
                nameof(kind));
        }

        if (kind.Name.Contains('+', StringComparison.Ordinal))
        {
            throw new ArgumentException($"The state of {kind.Name} cannot be divided between ranks; that of one method alone can.", nameof(kind));
        }

        ILookup<string?, long> bytes = plan.Fields.ToLookup(field => field.Owner, field => field.Spec.Bytes);
        Parameter[] parameters = [.. groups.SelectMany(group => group.Parameters)];
        int[] owners = ShardPlan.Owners([.. parameters.Select(parameter => bytes[parameter.Name].Sum())], collectives.Size);
        HashSet<string> own = [.. parameters.Where((_, i) => owners[i] == collectives.Rank).Select(parameter => parameter.Name)];
        NamedGroup[] ownGroups = [.. groups.Select(group => group with { Parameters = [.. group.Parameters.Where(p => own.Contains(p.Name))] })];
        StepSettings ownSettings = settings with { NonFinite = NonFinitePolicy.Off, ClipNorm = null, ClipValue = null };
        return new ShardedOptimizer(kind.Create(ownGroups, ownSettings), groups, plan, owners, collectives, settings);
    }

    /// <summary>Gives all ranks the parameters that their owners have stepped: small ones in one call, large ones each in place.</summary>
    internal void GatherParameters()
    {
        Span<float> part = _packed.AsSpan(0, _packedBytes[_collectives.Rank] / sizeof(float));
        Span<float> all = _packed.AsSpan(part.Length);
        int end = 0;
        for (int i = 0; i < _owners.Length; i++)
        {
            if (_owners[i] == _collectives.Rank && Parameters[i].Length < AloneFrom)
            {
                Parameters[i].Values.Span.CopyTo(part[end..]);
                end += Parameters[i].Length;
            }
        }

        _collectives.AllGather(MemoryMarshal.AsBytes(part), _packedBytes, MemoryMarshal.AsBytes(all));
        for (int rank = 0, start = 0; rank < _collectives.Size; rank++)
        {
            for (int i = 0; i < _owners.Length; i++)
            {
                if (_owners[i] == rank && Parameters[i].Length < AloneFrom)
                {
                    all.Slice(start, Parameters[i].Length).CopyTo(Parameters[i].Values.Span);
                    start += Parameters[i].Length;
                }
            }
        }

        for (int i = 0; i < _owners.Length; i++)
        {
            if (Parameters[i].Length >= AloneFrom)
            {
                _collectives.Broadcast(MemoryMarshal.AsBytes(Parameters[i].Values.Span), _owners[i]);
            }
        }
    }

    /// <summary>Brings the state of all ranks to rank 0, which is going to write it; there it takes the memory of the undivided state.</summary>
    internal void GatherState()
    {
        foreach (RemoteField field in _remote)
        {
            field.BringTo(root: 0, _collectives);
        }
    }

    /// <inheritdoc/>
    protected override void Update()
    {
        foreach (ParameterGroup group in Groups)
        {
            ((ShardedGroup)group).PassOn();
        }

        _own.Step();
    }

    private static ShapedParameter Shape(Parameter parameter) => new(parameter.Name, parameter.Shape.ToArray());
}
