using System.Globalization;
using Residuum.Schedules;
using Residuum.Training.Trainer;

namespace Residuum.Training.Recipes;

/// <summary>What is trained, and how unless somebody says otherwise: model, data, loss, batch, steps, schedule, rates.</summary>
public abstract class Recipe
{
    /// <summary>The name on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>What it is, in one sentence.</summary>
    public abstract string Summary { get; }

    /// <summary>What can be set, with defaults: the settings of all recipes, then the recipe's own.</summary>
    public IReadOnlyList<RecipeSetting> Settings => [.. CommonSettings, .. OwnSettings];

    /// <summary>Default rate and options by method; one that is not listed has <c>adamw</c>'s rate and its own defaults.</summary>
    public abstract IReadOnlyDictionary<string, RecipeOptimizer> Optimizers { get; }

    /// <summary>Images or glosses in a batch, windows of text for language models.</summary>
    protected abstract int Batch { get; }

    /// <summary>The default number of steps, or null for whole epochs.</summary>
    protected virtual int? Steps => null;

    /// <summary>The default number of epochs where <see cref="Steps"/> is null.</summary>
    protected virtual int Epochs => 1;

    /// <summary>The most rows that are looked at on the validation part.</summary>
    protected virtual int EvaluateRows => 10_000;

    /// <summary>The default bound on the gradient's norm, or <c>off</c>.</summary>
    protected virtual string ClipNorm => "off";

    /// <summary>Steps between two evaluations on the way.</summary>
    protected virtual int EvaluateEvery => 100;

    /// <summary>Settings that only this recipe has.</summary>
    protected abstract IEnumerable<RecipeSetting> OwnSettings { get; }

    private IEnumerable<RecipeSetting> CommonSettings =>
    [
        new("batch", Text(Batch), "rows of a batch"),
        new("epochs", Text(Epochs), "passes over the training data, where steps is auto"),
        new("steps", Steps is int steps ? Text(steps) : "auto", "updates in all, or auto"),
        new("schedule", "auto", "the learning rate over the steps: constant, linear, cosine:warmup=100, ...; auto: the recipe's"),
        new("accumulate", "1", "parts of a batch whose gradients add up: less memory, the same sums"),
        new("clipNorm", ClipNorm, "bound on the gradient's norm, or off"),
        new("clipValue", "off", "bound on the gradient's entries, or off"),
        new("nonFinite", "throw", "gradients with NaN or infinity: throw (diverged), skip, skipAtMost, off"),
        new("logEvery", "10", "steps between two points of the curve"),
        new("evaluateEvery", Text(EvaluateEvery), "steps between two looks at the validation part, 0 for none"),
        new("evaluateRows", Text(EvaluateRows), "the most rows of the validation part that are looked at"),
        new("checkpointEvery", "0", "train: steps between two checkpoints; 0: at the end and when interrupted"),
        new("keep", "3", "train: how many checkpoints are kept"),
        new("diagnoseEvery", "0", "steps between two lists of norms per parameter, 0 for none"),
    ];

    /// <summary>The settings with nothing set.</summary>
    public RecipeSettings DefaultSettings() => new(Name, Settings);

    /// <summary>Reads the data and says how to make tasks.</summary>
    /// <param name="settings">What the user set.</param>
    /// <param name="dataFile">The user's own data, or null for the vendored.</param>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    /// <exception cref="IOException">The data cannot be read.</exception>
    public abstract TaskMaker Load(RecipeSettings settings, string? dataFile);

    /// <summary>
    /// The default rate and options of a method, or of several joined by <c>+</c>: rate and options of the first, those of the others by
    /// <c>METHOD.name</c>.
    /// </summary>
    /// <param name="method">Its name in kebab-case.</param>
    public RecipeOptimizer DefaultsFor(string method)
    {
        ArgumentNullException.ThrowIfNull(method);
        string[] joined = method.Split('+');
        RecipeOptimizer first = OfOne(joined[0]);
        return first with { Options = [.. first.Options, .. joined.Skip(1).SelectMany(OfLater)] };

        RecipeOptimizer OfOne(string name) =>
            Optimizers.TryGetValue(name, out RecipeOptimizer? defaults) ? defaults : new RecipeOptimizer(Optimizers["adamw"].Rate);

        IEnumerable<KeyValuePair<string, string>> OfLater(string name)
        {
            RecipeOptimizer later = OfOne(name);
            return later.Options.Prepend(new("learningRate", later.Rate.ToString("R", CultureInfo.InvariantCulture)))
                .Select(option => new KeyValuePair<string, string>($"{name}.{option.Key}", option.Value));
        }
    }

    /// <summary>The settings of the training loop.</summary>
    /// <param name="settings">What the user set.</param>
    /// <param name="task">The task; it knows how many steps an epoch has.</param>
    /// <exception cref="ArgumentException">A setting is out of its range, or the schedule needs what the run does not have.</exception>
    public RunSettings RunSettings(RecipeSettings settings, TrainingTask task)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(task);
        long steps = settings.Text("steps") == "auto"
            ? (long)settings.Integer("epochs", 1) * task.StepsPerEpoch
            : settings.Integer("steps", 1);
        string schedule = settings.Text("schedule") == "auto" ? ScheduleFor(steps) : settings.Text("schedule");
        RunSettings run = new()
        {
            Steps = steps,
            Schedule = Schedule.Parse(schedule, steps),
            MicroBatches = settings.Integer("accumulate", 1),
            LogEvery = settings.Integer("logEvery", 1),
            EvaluateEvery = settings.Integer("evaluateEvery", 0),
            EvaluateRows = settings.Integer("evaluateRows", 1),
            CheckpointEvery = settings.Integer("checkpointEvery", 0),
            DiagnoseEvery = settings.Integer("diagnoseEvery", 0),
        };
        if (PlateauSchedule.In(run.Schedule) is { } plateau)
        {
            CheckPlateau(plateau, run, task);
        }

        return run;
    }

    /// <summary>The schedule unless somebody says otherwise, as text.</summary>
    /// <param name="steps">Updates in all.</param>
    protected virtual string ScheduleFor(long steps) => "linear";

    private static void CheckPlateau(PlateauSchedule plateau, RunSettings run, TrainingTask task)
    {
        if (plateau.Maximize)
        {
            throw new ArgumentException(
                "The schedule plateau has maximize=true; it must be false here, where the metric is the validation loss.");
        }

        if (run.EvaluateEvery == 0)
        {
            throw new ArgumentException(
                "The schedule plateau needs evaluateEvery, the steps from one look at the validation loss to the next, but it is 0.");
        }

        if (!task.HasValidation)
        {
            throw new ArgumentException("The schedule plateau needs a validation part, which this run's data do not have.");
        }
    }

    private protected static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
