using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Residuum.Cli.Parsing;
using Residuum.Cli.Verbs;

namespace Residuum.Cli;

/// <summary>The residuum command: parses, runs a verb, turns errors into one sentence and an exit code.</summary>
internal static class CommandLine
{
    /// <summary>Runs a command line.</summary>
    /// <param name="arguments">What follows the command's name.</param>
    /// <param name="output">Where results go.</param>
    /// <param name="error">Where errors go.</param>
    /// <param name="interrupted">Cancelled by Ctrl-C.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static int Run(string[] arguments, TextWriter output, TextWriter error, CancellationToken interrupted)
    {
        ParseResult parse = Parse(arguments);
        if (Mistake(parse) is string mistake)
        {
            error.WriteLine($"residuum: {mistake}");
            return ExitCode.Usage;
        }

        try
        {
            InvocationConfiguration configuration = new()
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
                Output = output,
                Error = error,
            };
            return parse.InvokeAsync(configuration, interrupted).GetAwaiter().GetResult();
        }
        catch (Exception exception) when (Explanation.Of(exception) is { } explanation)
        {
            error.WriteLine($"residuum: {explanation.Sentence}");
            return explanation.ExitCode;
        }
    }

    /// <summary>Whether the verb of a command line finishes what it is doing when it is interrupted; the others just end.</summary>
    /// <param name="arguments">What follows the command's name.</param>
    public static bool FinishesWhenInterrupted(IReadOnlyList<string> arguments) =>
        Parse(arguments).CommandResult.Command.Action is AsynchronousCommandLineAction;

    /// <summary>What is wrong with a command line, by its words alone; null if nothing.</summary>
    /// <param name="arguments">What follows the command's name.</param>
    public static string? MistakeIn(IReadOnlyList<string> arguments) => Mistake(Parse(arguments));

    private static ParseResult Parse(IReadOnlyList<string> arguments) => Root().Parse(ShardOption.WithStage(arguments));

    /// <summary>All verbs; a new one is its file and a line here.</summary>
    private static RootCommand Root() => new("Train with compressed optimizer state and error feedback, and compare.")
    {
        CompareVerb.Create(),
        TrainVerb.Create(),
        EvaluateVerb.Create(),
        SampleVerb.Create(),
        InspectVerb.Create(),
        DataVerb.Create(),
        ReplayVerb.Create(),
        BenchVerb.Create(),
        EstimateVerb.Create(),
        OnlineVerb.Create(),
        SpectrumVerb.Create(),
    };

    private static string? Mistake(ParseResult parse)
    {
        Command command = parse.CommandResult.Command;
        // The parser takes an unknown option for the value of an argument if one is free.
        IEnumerable<string> loose = parse.CommandResult.Children.OfType<ArgumentResult>().SelectMany(result => result.Tokens)
            .Select(token => token.Value).Concat(parse.UnmatchedTokens);
        string? unknown = loose.FirstOrDefault(text => text.StartsWith("--", StringComparison.Ordinal));
        if (unknown is not null)
        {
            return NearestName.Explain($"option of {command.Name}", unknown, command.Options.Select(option => option.Name));
        }

        if (parse.Errors.Count == 0)
        {
            return null;
        }

        if (command.Subcommands.Count == 0)
        {
            return parse.Errors[0].Message;
        }

        string[] verbs = [.. command.Subcommands.Select(verb => verb.Name)];
        string line = command is RootCommand ? "residuum" : $"residuum {command.Name}";
        return parse.UnmatchedTokens.Count > 0
            ? NearestName.Explain("verb", parse.UnmatchedTokens[0], verbs)
            : $"Name a verb: {string.Join(", ", verbs)}; '{line} --help' says more.";
    }
}
