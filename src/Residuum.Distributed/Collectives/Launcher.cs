using System.Globalization;

namespace Residuum.Distributed.Collectives;

/// <summary>What the launcher that started this process says of it, known before MPI is loaded.</summary>
/// <param name="Rank">This process, from 0.</param>
/// <param name="Size">How many were started.</param>
public sealed record Launcher(int Rank, int Size)
{
    /// <summary>Reads the environment; null if no launcher has started this process.</summary>
    /// <remarks>Open MPI's variables, then those of Hydra and of Slurm's pmi2, then Slurm's, inside a job step with PMIx only.</remarks>
    public static Launcher? Find() =>
        Read("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE")
        ?? Read("PMI_RANK", "PMI_SIZE")
        ?? (Number("PMIX_RANK") is null ? null : Read("SLURM_PROCID", "SLURM_STEP_NUM_TASKS"));

    /// <summary>Whether the launcher is of MPICH's family.</summary>
    internal static bool IsHydra => Number("PMI_RANK") is not null && Number("OMPI_COMM_WORLD_RANK") is null;

    /// <summary>How many ranks run on this machine, or null if the launcher does not say.</summary>
    public static int? LocalSize => Number("OMPI_COMM_WORLD_LOCAL_SIZE") ?? Number("MPI_LOCALNRANKS");

    private static Launcher? Read(string rank, string size) => Number(rank) is int r && Number(size) is int n ? new Launcher(r, n) : null;

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : null;
}
