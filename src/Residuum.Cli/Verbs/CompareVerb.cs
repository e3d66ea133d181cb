using System.CommandLine;

namespace Residuum.Cli.Verbs;

/// <summary><c>residuum compare</c>: one recipe, several optimizers, the same start.</summary>
internal static class CompareVerb
{
    /// <summary>The verb.</summary>
    public static Command Create()
    {
        RunOptions common = new();
        Option<string> optimizers = new("--optimizers")
        {
            Description = "Entries name or name[key=value;...], with commas between.",
            HelpName = "a,b,c",
            DefaultValueFactory = _ => "sgd,adamw,microadam",
        };
        Option<string?> rates = new("--rates")
        {
            Description = "Learning rates to search: each is run with the first seed, the best by validation loss is kept for all seeds.",
            HelpName = "x,y,z",
        };
        Option<int> seeds = new("--seeds") { Description = "How many seeds: 0, 1, ...", HelpName = "N", DefaultValueFactory = _ => 1 };
        Command verb = new("compare", "Train one recipe with several optimizers from the same start.") { optimizers, rates, seeds };
        common.AddTo(verb);
        verb.SetAction(parse => Run(parse.GetRequiredValue(common.Recipe)));
        return verb;
    }

    private static int Run(string recipe) => throw new UsageException(NearestName.Explain("recipe", recipe, ["fashion-mlp"]));
}
