using Residuum.State;

namespace Residuum.Optimizers;

/// <summary>Several methods as one optimizer: each steps its own parameters, guard and clipping see the gradients of all.</summary>
/// <remarks>
/// For example Shampoo for the matrices inside a network, and Adam in 8 bits for its embeddings and vectors. Groups and state are those of
/// the parts, one after the other; every part steps its parameters as it would alone.
/// </remarks>
public sealed class HybridOptimizer : Optimizer
{
    private readonly Optimizer[] _parts;

    /// <summary>Joins optimizers whose parameters differ.</summary>
    /// <param name="parts">At least one. This optimizer alone steps them; of their settings only the threads count.</param>
    /// <param name="settings">Threads, guard and clipping; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no part, a parameter belongs to two, or two keep state of the same name.</exception>
    public HybridOptimizer(IReadOnlyList<Optimizer> parts, StepSettings? settings = null)
        : base([.. GroupsOf(parts)], settings)
    {
        _parts = [.. parts];
        Method = string.Join('+', _parts.Select(part => part.Method));
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach ((Optimizer part, StateField field) in _parts.SelectMany(part => part.State.Select(field => (part, field))))
        {
            if (!names.Add(field.Name))
            {
                throw new ArgumentException(
                    $"Two parts of {Method} keep state named '{field.Name}'; "
                        + "of methods that see all parameters as one vector only one can take part.",
                    nameof(parts));
            }

            AddState(field);
        }
    }

    /// <inheritdoc/>
    public override string Method { get; }

    /// <inheritdoc/>
    public override long StateBytes => _parts.Sum(part => part.StateBytes);

    /// <inheritdoc/>
    public override long ScratchBytes => _parts.Sum(part => part.ScratchBytes);

    /// <inheritdoc/>
    public override double StepTrafficBytes => _parts.Sum(part => part.StepTrafficBytes);

    /// <inheritdoc/>
    public override StepDiagnosis? Diagnose()
    {
        HybridDiagnosis diagnosis = new(_parts);
        return diagnosis.IsEmpty ? null : diagnosis;
    }

    /// <inheritdoc/>
    protected override void Update()
    {
        foreach (Optimizer part in _parts)
        {
            part.UpdateGuarded();
        }
    }

    private static IEnumerable<ParameterGroup> GroupsOf(IReadOnlyList<Optimizer> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        return parts.SelectMany(part => part.Groups);
    }
}
