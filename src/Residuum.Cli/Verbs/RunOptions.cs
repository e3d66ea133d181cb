using System.CommandLine;
using System.Globalization;
using Residuum.Cli.Parsing;
using Residuum.Training.Recipes;

namespace Residuum.Cli.Verbs;

/// <summary>The options that <c>compare</c> and <c>train</c> share.</summary>
internal sealed class RunOptions
{
    /// <summary>The recipe.</summary>
    public Argument<string> Recipe { get; } = new("recipe")
    {
        Description = "What is trained: model, data, loss, batch, steps, schedule.",
        Arity = ArgumentArity.ZeroOrOne,
        DefaultValueFactory = _ => "fashion-mlp",
    };

    /// <summary>Steps in all.</summary>
    public Option<int?> Steps { get; } = new("--steps") { Description = "Updates in all (default: the recipe's).", HelpName = "N" };

    /// <summary>Settings.</summary>
    public Option<string[]> Set { get; } = new("--set")
    {
        Description = "A setting of the recipe, or optimizer.KEY=VALUE for every listed optimizer that has KEY; may be repeated.",
        HelpName = "key=value",
        DefaultValueFactory = _ => [],
    };

    /// <summary>The user's own data.</summary>
    public Option<string?> Data { get; } = new("--data")
    {
        Description = "Your own data of the recipe's kind, instead of the vendored.",
        HelpName = "FILE",
    };

    /// <summary>Threads.</summary>
    public Option<int> Threads { get; } = new Option<int>("--threads")
    {
        Description = "Threads; results do not depend on it.",
        HelpName = "N",
        DefaultValueFactory = _ => Environment.ProcessorCount,
    }.AtLeastOne();

    /// <summary>The run directory.</summary>
    public Option<string?> Out { get; } = new("--out")
    {
        Description = "The folder for logs, checkpoints and the report (default: a new one in runs/).",
        HelpName = "DIR",
    };

    /// <summary>The machine's answer.</summary>
    public Option<string?> Json { get; } = new("--json") { Description = "Write the results as JSON.", HelpName = "FILE" };

    /// <summary>Puts them all on a verb.</summary>
    /// <param name="verb">The verb.</param>
    public void AddTo(Command verb)
    {
        verb.Add(Recipe);
        verb.Add(Steps);
        verb.Add(Set);
        verb.Add(Data);
        verb.Add(Threads);
        verb.Add(Out);
        verb.Add(Json);
    }

    /// <summary>Reads them.</summary>
    /// <param name="parse">The command line.</param>
    /// <exception cref="ArgumentException">The recipe or a setting is unknown.</exception>
    /// <exception cref="UsageException">A setting is not <c>key=value</c>, or a number is out of range.</exception>
    public RunRequest Read(ParseResult parse)
    {
        Recipe recipe = RecipeCatalog.Get(parse.GetRequiredValue(Recipe));
        RecipeSettings settings = recipe.DefaultSettings();
        List<Setting> forOptimizers = [];
        foreach (string text in parse.GetRequiredValue(Set))
        {
            Setting setting = Setting.Parse(text);
            if (setting.ForOptimizer() is { } option)
            {
                forOptimizers.Add(option);
            }
            else
            {
                settings.Set(setting.Key, setting.Value);
            }
        }

        if (parse.GetValue(Steps) is int steps)
        {
            settings.Set("steps", steps.ToString(CultureInfo.InvariantCulture));
        }

        int threads = parse.GetValue(Threads);
        return new RunRequest(
            recipe, settings, forOptimizers, parse.GetValue(Data), threads, parse.GetValue(Out), parse.GetValue(Json));
    }
}
