using Residuum.Optimizers;
using Residuum.Training.Recipes;
using Residuum.Training.Trainer;

namespace Residuum.Cli.Bench;

/// <summary>
/// The gradients of successive steps of a recipe in training with AdamW, given out in their order and then from the first again.
/// </summary>
internal sealed class RecordedGradients : IGradientSource, IRunObserver, IDisposable
{
    // So many steps are taken before the recording, which then keeps so many gradients: 12 MB for each million weights.
    private const int WarmUpSteps = 20;
    private const int KeptSteps = 12;

    private readonly CancellationTokenSource _enough = new();
    private readonly List<float[]> _steps = [];
    private IReadOnlyList<Parameter> _parameters = [];
    private int _seen;
    private int _draws;

    private RecordedGradients()
    {
    }

    /// <summary>The recipe's tensors.</summary>
    public IReadOnlyList<ShapedParameter> Shapes =>
        [.. _parameters.Select(parameter => new ShapedParameter(parameter.Name, [.. parameter.Shape]))];

    /// <summary>Trains and records.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="settings">Its settings.</param>
    /// <param name="threads">Threads of the training.</param>
    /// <exception cref="UsageException">The training diverged before enough was recorded.</exception>
    public static RecordedGradients Of(Recipe recipe, RecipeSettings settings, int threads)
    {
        settings.Set("logEvery", "1");
        settings.Set("evaluateEvery", "0");
        RecordedGradients recorded = new();
        RunFactory factory = new(recipe, settings, dataFile: null, threads, [recorded]);
        OptimizerChoice adamw = new("adamw", "adamw", []);
        TrainingRun run = factory.Create(adamw, factory.DefaultRate(adamw), seed: 0, search: true);
        recorded._parameters = run.Model.Parameters;
        run.Run(recorded._enough.Token);
        return recorded._steps.Count == KeptSteps
            ? recorded
            : throw new UsageException(
                $"{recipe.Name} ended after {run.Step} steps; {WarmUpSteps + KeptSteps} are needed to record its gradients.");
    }

    /// <inheritdoc/>
    public void Draw(Span<float> gradients) => _steps[_draws++ % KeptSteps].CopyTo(gradients);

    /// <inheritdoc/>
    public void Started(RunPlan plan)
    {
    }

    /// <inheritdoc/>
    public void Logged(RunPlan plan, MetricPoint point)
    {
        _seen++;
        if (_seen > WarmUpSteps && _steps.Count < KeptSteps)
        {
            _steps.Add(Copy());
        }

        if (_steps.Count == KeptSteps)
        {
            _enough.Cancel();
        }
    }

    /// <inheritdoc/>
    public void Ended(RunPlan plan, RunResult result)
    {
    }

    /// <inheritdoc/>
    public void Dispose() => _enough.Dispose();

    // A step leaves the gradients as it took them: clipped where the recipe clips.
    private float[] Copy()
    {
        float[] copy = new float[_parameters.Sum(parameter => parameter.Length)];
        int start = 0;
        foreach (Parameter parameter in _parameters)
        {
            parameter.Gradient.Span.CopyTo(copy.AsSpan(start));
            start += parameter.Length;
        }

        return copy;
    }
}
