using Residuum.State;

namespace Residuum.Optimizers;

/// <summary>Changes parameters by their gradients. One step at a time; reports may be read from other threads.</summary>
public abstract class Optimizer
{
    /// <summary>The method's name on the command line and in checkpoints, in kebab-case.</summary>
    public abstract string Method { get; }

    /// <summary>The groups, in the order given.</summary>
    public abstract IReadOnlyList<ParameterGroup> Groups { get; }

    /// <summary>How steps are carried out.</summary>
    public StepSettings Settings { get; } = new();

    /// <summary>Everything that changes in a step besides the parameters, by name.</summary>
    public abstract IReadOnlyList<StateField> State { get; }

    /// <summary>The bytes of <see cref="State"/>.</summary>
    public long StateBytes => State.Sum(piece => piece.Spec.Bytes);

    /// <summary>The bytes of scratch memory: for all worker threads together, holding nothing between steps.</summary>
    public abstract long ScratchBytes { get; }

    /// <summary>Takes one step: guard, clip, update. Parameters without a gradient are skipped.</summary>
    /// <returns>What happened.</returns>
    /// <exception cref="NonFiniteGradientException">A gradient holds NaN or infinity and the policy says to throw; nothing was changed.</exception>
    public abstract StepReport Step();

    /// <summary>Fills all gradients with zeros.</summary>
    public void ZeroGradients()
    {
        foreach (ParameterGroup group in Groups)
        {
            foreach (Parameter parameter in group.Parameters)
            {
                parameter.Gradient.Span.Clear();
            }
        }
    }
}
