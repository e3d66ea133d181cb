using System.CommandLine;
using Residuum.Cli.Parsing;
using Residuum.Distributed.Collectives;

namespace Residuum.Cli.Verbs;

/// <summary>Starts a verb on several ranks: by a launcher that is there already, by one that it starts, or as threads.</summary>
/// <param name="exchange">What the option that says how gradients travel means to the verb.</param>
internal sealed class RankStart(string exchange)
{
    private const string Mpi = "mpi";
    private const string Threads = "threads";

    /// <summary>The option that says how many.</summary>
    public Option<int?> Ranks { get; } = new Option<int?>("--ranks")
    {
        Description = "Train on so many ranks, which share each batch (default: 1, or as many as mpirun or srun has started).",
        HelpName = "N",
    }.AtLeastOne();

    /// <summary>The option that says how.</summary>
    public Option<string?> Collectives { get; } = new("--collectives")
    {
        Description = "mpi: processes, started with mpirun; threads: of this process (default: mpi where mpirun is found).",
        HelpName = "mpi|threads",
    };

    /// <summary>The option that makes MPI's sums those of threads.</summary>
    public Option<bool> Deterministic { get; } = new("--deterministic")
    {
        Description = "Over MPI, add in rank order: the same bits in every run, for more traffic.",
    };

    /// <summary>The option that says how gradients travel.</summary>
    public Option<string?> Exchange { get; } = new("--exchange") { Description = exchange, HelpName = "name" };

    /// <summary>Puts the options on a verb.</summary>
    /// <param name="verb">The verb.</param>
    public void AddTo(Command verb)
    {
        verb.Add(Exchange);
        verb.Add(Ranks);
        verb.Add(Collectives);
        verb.Add(Deterministic);
    }

    /// <summary>Runs a verb's body on every rank of this process.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="body">What a rank does; null where there is only one and nothing to exchange.</param>
    /// <param name="alone">Whether a single rank is to have collectives too.</param>
    /// <param name="interrupted">Cancelled by Ctrl-C.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="UsageException">The options do not fit each other or the launcher.</exception>
    public int Run(ParseResult parse, Func<ICollectives?, int> body, bool alone, CancellationToken interrupted)
    {
        int? asked = parse.GetValue(Ranks);
        if (Launcher.Find() is { } launcher)
        {
            if (asked is not null && asked != launcher.Size)
            {
                throw new UsageException($"--ranks is {asked}, but the launcher has started {launcher.Size} processes.");
            }

            MpiSettings settings = new() { Deterministic = parse.GetValue(Deterministic) };
            return MpiCollectives.Run(body, settings, exception => Explanation.Of(exception)?.Sentence ?? exception.ToString());
        }

        int ranks = asked ?? 1;
        if (ranks == 1)
        {
            using ICollectives? one = alone ? InProcessGroup.Alone() : null;
            return body(one);
        }

        return How(parse) == Mpi
            ? MpiLauncher.Run(ranks, [.. Tool(), .. parse.Tokens.Select(token => token.Value)], interrupted)
            : AsThreads(ranks, body);
    }

    /// <summary>A rank's part of this machine's threads, at least one.</summary>
    /// <param name="threads">Those of all ranks of this machine.</param>
    /// <param name="collectives">The ranks, or null where there is only one.</param>
    public static int ThreadsOfARank(int threads, ICollectives? collectives) => collectives switch
    {
        null => threads,
        MpiCollectives => Math.Max(1, threads / Math.Max(1, Launcher.LocalSize ?? 1)),
        _ => Math.Max(1, threads / collectives.Size),
    };

    private static int AsThreads(int ranks, Func<ICollectives?, int> body)
    {
        int[] codes = new int[ranks];
        InProcessGroup.Run(ranks, collectives => codes[collectives.Rank] = body(collectives));
        return codes.Max();
    }

    private string How(ParseResult parse)
    {
        switch (parse.GetValue(Collectives))
        {
            case null:
                if (MpiLauncher.Find() is not null)
                {
                    return Mpi;
                }

                parse.InvocationConfiguration.Output.WriteLine("no mpirun was found: ranks are threads of this process");
                return Threads;
            case Threads:
                return Threads;
            case Mpi:
                return Mpi;
            case { } other:
                throw new UsageException($"--collectives is '{other}'; it must be {Mpi} or {Threads}.");
        }
    }

    // The tool as this process runs it: by the dotnet command, or by an executable of its own, whatever that is named.
    private static string[] Tool()
    {
        string process = Environment.ProcessPath ?? "dotnet";
        bool isHost = Path.GetFileNameWithoutExtension(process).Equals("dotnet", StringComparison.OrdinalIgnoreCase);
        return isHost ? [process, typeof(RankStart).Assembly.Location] : [process];
    }
}
