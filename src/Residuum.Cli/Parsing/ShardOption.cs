using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Residuum.Distributed.Sharding;

namespace Residuum.Cli.Parsing;

/// <summary>The option <c>--shard [1|2|3]</c>: what is divided between the ranks.</summary>
internal static class ShardOption
{
    private const string Name = "--shard";

    /// <summary>Makes the option; its value is null where it was not given.</summary>
    public static Option<ShardStage?> Create() => new(Name)
    {
        Description = "Divide between the ranks: 1 the optimizer's state (so without a number), 2 gradients too, 3 weights too.",
        HelpName = "1|2|3",
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = Parse,
    };

    /// <summary>
    /// The words with the stage said that <c>--shard</c> alone means, so that the parser does not take the next word for it.
    /// </summary>
    /// <param name="words">A command line.</param>
    public static IReadOnlyList<string> WithStage(IReadOnlyList<string> words)
    {
        List<string> told = [];
        for (int i = 0; i < words.Count; i++)
        {
            told.Add(words[i]);
            if (words[i] == Name && !(i + 1 < words.Count && int.TryParse(words[i + 1], CultureInfo.InvariantCulture, out _)))
            {
                told.Add("1");
            }
        }

        return told;
    }

    private static ShardStage? Parse(ArgumentResult result)
    {
        switch (result.Tokens[0].Value)
        {
            case "1":
                return ShardStage.State;
            case "2":
                return ShardStage.Gradients;
            case "3":
                return ShardStage.Parameters;
            default:
                result.AddError(
                    $"{Name} is {result.Tokens[0].Value}; it must be 1 (the optimizer's state), 2 (gradients too) or 3 (weights too).");
                return null;
        }
    }
}
