using Residuum.Numerics;
using Residuum.Optimizers;
using Residuum.State;
using Residuum.Training.Layers;
using Residuum.Training.Trainer;

namespace Residuum.Training.Recipes;

/// <summary>Makes training runs of one recipe, its settings and its data.</summary>
public sealed class RunFactory
{
    private readonly Recipe _recipe;
    private readonly RecipeSettings _settings;
    private readonly TaskMaker _tasks;
    private readonly WorkSharing _work;
    private readonly IReadOnlyList<IRunObserver> _observers;

    /// <summary>Loads the recipe's data.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="settings">Its settings.</param>
    /// <param name="dataFile">The user's own data, or null for the vendored.</param>
    /// <param name="threads">How many threads passes and steps may use.</param>
    /// <param name="observers">Who is told what happens in every run.</param>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    /// <exception cref="IOException">The data cannot be read.</exception>
    public RunFactory(Recipe recipe, RecipeSettings settings, string? dataFile, int threads, IReadOnlyList<IRunObserver> observers)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        _recipe = recipe;
        _settings = settings;
        _tasks = recipe.Load(settings, dataFile);
        _work = new WorkSharing(threads);
        _observers = observers;
    }

    /// <summary>The rate a method is run at unless somebody says otherwise.</summary>
    /// <param name="choice">The method.</param>
    public double DefaultRate(OptimizerChoice choice)
    {
        ArgumentNullException.ThrowIfNull(choice);
        return choice.Rate ?? _recipe.DefaultsFor(choice.Method).Rate;
    }

    /// <summary>Makes a run.</summary>
    /// <param name="choice">The optimizer.</param>
    /// <param name="rate">The base learning rate.</param>
    /// <param name="seed">The seed of initial weights, order of the data and dropout.</param>
    /// <param name="search">Whether the run belongs to a search over rates.</param>
    /// <param name="checkpointFolder">Where to save; null to save nothing.</param>
    /// <param name="ranks">Makes the optimizer and the exchange of one of several ranks; null for a run of its own.</param>
    /// <param name="initialize">
    /// Gives the model other weights than those of the seed, before ranks divide them; null leaves them.
    /// </param>
    /// <exception cref="ArgumentException">A method, option or setting is unknown or out of its range.</exception>
    public TrainingRun Create(
        OptimizerChoice choice,
        double rate,
        int seed,
        bool search = false,
        string? checkpointFolder = null,
        RankOptimizerMaker? ranks = null,
        Action<Layer>? initialize = null)
    {
        ArgumentNullException.ThrowIfNull(choice);
        TrainingTask task = _tasks(seed, search);
        initialize?.Invoke(task.Model);
        StepSettings step = new()
        {
            Threads = _work.Threads,
            NonFinite = NonFinite(),
            ClipNorm = _settings.PositiveOrOff("clipNorm"),
            ClipValue = _settings.PositiveOrOff("clipValue"),
        };
        RecipeOptimizer defaults = _recipe.DefaultsFor(choice.Method);
        RankOptimizer? rank = ranks?.Invoke(task.Model.Parameters, defaults, rate, step);
        Optimizer optimizer = rank?.Optimizer ?? choice.Create(task.Model.Parameters, defaults, rate, step);
        RunSettings settings = _recipe.RunSettings(_settings, task);
        RunPlan plan = new()
        {
            Recipe = _recipe.Name,
            Optimizer = choice.Text,
            OptimizerOptions = choice.AllOptions(defaults),
            Rate = rate,
            Seed = seed,
            Steps = settings.Steps,
            ExamplesPerStep = task.BatchRows(0) * task.ExamplesPerRow,
            ExampleUnit = task.ExampleUnit,
            Parameters = task.Model.ParameterCount,
            StateBytes = optimizer.StateBytes + (rank?.Exchange.StateBytes ?? 0),
            IsSearch = search,
            Settings = _settings.Values,
        };
        int keep = _settings.Integer("keep", 1);
        CheckpointFolder? checkpoints = checkpointFolder is null ? null : new CheckpointFolder(checkpointFolder, keep);
        return new TrainingRun(task, optimizer, settings, plan, _work, _observers, checkpoints, rank?.Exchange);
    }

    private NonFinitePolicy NonFinite() => _settings.OneOf("nonFinite", "throw", "skip", "skipAtMost", "off") switch
    {
        "skip" => NonFinitePolicy.Skip,
        "skipAtMost" => NonFinitePolicy.SkipAtMost,
        "off" => NonFinitePolicy.Off,
        _ => NonFinitePolicy.Throw,
    };
}
