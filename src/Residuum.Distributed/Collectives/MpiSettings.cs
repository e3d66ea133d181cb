namespace Residuum.Distributed.Collectives;

/// <summary>How collective operations over MPI are carried out.</summary>
public sealed record MpiSettings
{
    /// <summary>
    /// Whether sums are taken in rank order, by gathering: the same bits as between threads and in every run, for more traffic. Default
    /// false.
    /// </summary>
    public bool Deterministic { get; init; }

    /// <summary>
    /// Sums are cut into pieces of so many bytes, which stay in cache; at least 4. Default 1 MB, or one call where more ranks than
    /// processors are on this machine and sums are not deterministic.
    /// </summary>
    public int? PieceBytes { get; init; }

    /// <summary>How long a collective call waits for other ranks before it ends them all; default 60 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);
}
