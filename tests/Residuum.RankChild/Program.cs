using Residuum.Distributed.Collectives;
using Residuum.RankChild;

// A rank that tests start with mpirun: it does what its first argument says.
MpiSettings settings = new()
{
    Deterministic = args.Contains("deterministic"),
    PieceBytes = args.Contains("pieces") ? 4096 : null,
    Timeout = TimeSpan.FromSeconds(args.Contains("impatient") ? 2 : 60),
};
try
{
    return MpiCollectives.Run(ranks => Behaviour.Run(args[0], args[1..], ranks), settings, exception => exception.Message);
}
catch (MpiException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 9;
}
