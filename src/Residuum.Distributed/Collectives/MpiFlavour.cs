namespace Residuum.Distributed.Collectives;

/// <summary>Which family of MPI libraries: they agree in functions and differ in handles.</summary>
public enum MpiFlavour
{
    /// <summary>Open MPI: handles are addresses of exported data.</summary>
    OpenMpi,

    /// <summary>MPICH and its relatives (Intel MPI, MVAPICH, Cray): handles are numbers.</summary>
    Mpich,

    /// <summary>A library of the MPI 5 standard ABI: handles are small numbers. Bound by its document, not tried.</summary>
    StandardAbi,
}
