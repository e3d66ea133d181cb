using Residuum.Numerics;
using Residuum.State;

namespace Residuum.Optimizers;

/// <summary>Changes parameters by their gradients.</summary>
/// <remarks>
/// A step is atomic: a guard reads all gradients before anything is written. It allocates nothing after the first. One step at a time per
/// optimizer; different optimizers are independent.
/// </remarks>
public abstract class Optimizer
{
    private readonly Parameter[] _parameters;
    private readonly ParameterGroup[] _groupOf;
    private readonly List<StateField> _state = [];
    private readonly GradientPass _gradientPass;
    private readonly long[] _consecutiveSkips = new long[1];

    /// <summary>Takes over the groups and checks that names are unique.</summary>
    /// <param name="groups">At least one group; together at least one parameter.</param>
    /// <param name="settings">How steps are carried out; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no parameter, or two have the same name.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range.</exception>
    protected Optimizer(IReadOnlyList<ParameterGroup> groups, StepSettings? settings)
    {
        ArgumentNullException.ThrowIfNull(groups);
        Settings = settings ?? new StepSettings();
        Settings.Validate();
        Groups = groups;
        _parameters = [.. groups.SelectMany(group => group.Parameters)];
        _groupOf = [.. groups.SelectMany(group => group.Parameters.Select(_ => group))];
        if (_parameters.Length == 0)
        {
            throw new ArgumentException("An optimizer needs at least one parameter, but the groups hold none.", nameof(groups));
        }

        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (Parameter parameter in _parameters)
        {
            if (!names.Add(parameter.Name))
            {
                throw new ArgumentException($"Two parameters have the name '{parameter.Name}'; names must be unique.", nameof(groups));
            }
        }

        Work = new WorkSharing(Settings.Threads);
        _gradientPass = new GradientPass(_parameters, Work, Settings);
        if (Settings.NonFinite == NonFinitePolicy.SkipAtMost)
        {
            AddState(null, new FieldSpec("consecutive_skips", ElementType.I64), _consecutiveSkips.AsMemory());
        }
    }

    /// <summary>The method's name on the command line and in checkpoints, in kebab-case.</summary>
    public abstract string Method { get; }

    /// <summary>The groups, in the order given.</summary>
    public IReadOnlyList<ParameterGroup> Groups { get; }

    /// <summary>How steps are carried out.</summary>
    public StepSettings Settings { get; }

    /// <summary>Everything that changes in a step besides the parameters, by name.</summary>
    public IReadOnlyList<StateField> State => _state;

    /// <summary>The bytes of <see cref="State"/>, without the counters and what lies in the gradients.</summary>
    public virtual long StateBytes => _state.Where(piece => piece.Spec.IsOwnMemory).Sum(piece => piece.Spec.Bytes);

    /// <summary>The bytes of the counters in <see cref="State"/>: a few per parameter tensor.</summary>
    public long CounterBytes => _state.Where(piece => piece.Spec.IsCounter).Sum(piece => piece.Spec.Bytes);

    /// <summary>The bytes of scratch memory: of all worker threads together, holding nothing between steps.</summary>
    public virtual long ScratchBytes => 0;

    /// <summary>
    /// The bytes that a step must move between memory and processor when every parameter has a gradient, guard and clipping aside: the
    /// floor that <c>residuum bench</c> measures steps against.
    /// </summary>
    public abstract double StepTrafficBytes { get; }

    /// <summary>The parameters of all groups, in order.</summary>
    protected IReadOnlyList<Parameter> Parameters => _parameters;

    /// <summary>The threads that a step may use.</summary>
    protected WorkSharing Work { get; }

    /// <summary>Takes one step: guard, clip, update. Parameters without a gradient are skipped.</summary>
    /// <returns>What happened.</returns>
    /// <exception cref="NonFiniteGradientException">
    /// A gradient holds NaN or infinity and the policy says to throw; nothing was changed.
    /// </exception>
    public StepReport Step()
    {
        StepReport report = GuardAndClip();
        if (!report.Applied)
        {
            if (Settings.NonFinite == NonFinitePolicy.Throw
                || (Settings.NonFinite == NonFinitePolicy.SkipAtMost && _consecutiveSkips[0] >= Settings.MaxConsecutiveSkips))
            {
                throw Failure(report);
            }

            _consecutiveSkips[0]++;
            return report;
        }

        _consecutiveSkips[0] = 0;
        Update();
        return report;
    }

    /// <summary>Prepares to look inside the coming step.</summary>
    /// <returns>What can be asked after the step, or null for a method that keeps everything and has nothing to tell.</returns>
    public virtual StepDiagnosis? Diagnose() => null;

    /// <summary>Fills all gradients with zeros, but for those that hold an error (<see cref="Parameter.GradientHoldsError"/>).</summary>
    public void ZeroGradients()
    {
        foreach (Parameter parameter in _parameters)
        {
            if (!parameter.GradientHoldsError)
            {
                parameter.Gradient.Span.Clear();
            }
        }
    }

    /// <summary>The update alone, for an optimizer made of several that has guarded and clipped all gradients.</summary>
    internal void UpdateGuarded() => Update();

    /// <summary>Looks at all gradients and clips them. An optimizer that does not have all of them asks others.</summary>
    internal virtual StepReport GuardAndClip() => _gradientPass.Run();

    /// <summary>The exception for a report of <see cref="GuardAndClip"/> that was not applied.</summary>
    internal virtual NonFiniteGradientException Failure(StepReport report) => _gradientPass.Failure(report);

    /// <summary>Adds the parameters to a checkpoint. An optimizer that has only parts of them asks others.</summary>
    internal virtual void AddParametersTo(CheckpointContent content)
    {
        foreach (Parameter parameter in _parameters)
        {
            content.Add(parameter);
        }
    }

    /// <summary>Updates state and parameters. The gradients are finite (unless the guard is off) and clipped.</summary>
    protected abstract void Update();

    /// <summary>The group of a parameter.</summary>
    /// <param name="index">The parameter's position in <see cref="Parameters"/>.</param>
    protected ParameterGroup GroupOf(int index) => _groupOf[index];

    /// <summary>Enters a field into <see cref="State"/> whose memory has the order of the file.</summary>
    /// <typeparam name="T">The element in memory.</typeparam>
    /// <param name="owner">The parameter it belongs to, or null.</param>
    /// <param name="spec">What it is.</param>
    /// <param name="memory">Its live content.</param>
    protected void AddState<T>(Parameter? owner, FieldSpec spec, Memory<T> memory)
        where T : unmanaged => AddState(StateField.Of(owner?.Name, spec, memory));

    /// <summary>Enters a field into <see cref="State"/>.</summary>
    /// <param name="piece">The field.</param>
    protected void AddState(StateField piece) => _state.Add(piece);

    /// <summary>Enters fields into <see cref="State"/>.</summary>
    /// <param name="pieces">The fields.</param>
    protected void AddState(IEnumerable<StateField> pieces) => _state.AddRange(pieces);
}
