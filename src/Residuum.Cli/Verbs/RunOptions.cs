using System.CommandLine;

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
    public Option<string?> Data { get; } = new("--data") { Description = "Your own data of the recipe's kind, instead of the vendored.", HelpName = "FILE" };

    /// <summary>Threads.</summary>
    public Option<int> Threads { get; } = new("--threads")
    {
        Description = "Threads; results do not depend on it.",
        HelpName = "N",
        DefaultValueFactory = _ => Environment.ProcessorCount,
    };

    /// <summary>The run directory.</summary>
    public Option<string?> Out { get; } = new("--out") { Description = "The folder for logs, checkpoints and the report (default: a new one in runs/).", HelpName = "DIR" };

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
}
