using System.CommandLine;

namespace Residuum.Cli.Verbs;

/// <summary><c>residuum train</c>: one recipe, one optimizer, with checkpoints.</summary>
internal static class TrainVerb
{
    /// <summary>The verb.</summary>
    public static Command Create()
    {
        Command verb = new("train", "Train one recipe with one optimizer.");
        RunOptions common = new();
        common.AddTo(verb);
        verb.SetAction(parse => Run(parse.GetRequiredValue(common.Recipe)));
        return verb;
    }

    private static int Run(string recipe) => throw new UsageException(NearestName.Explain("recipe", recipe, ["fashion-mlp"]));
}
