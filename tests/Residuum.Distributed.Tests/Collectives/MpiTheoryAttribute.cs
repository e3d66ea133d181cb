namespace Residuum.Distributed.Tests.Collectives;

/// <summary>A test that needs both families of MPI. Without them it is skipped, except in CI, where a missing part is a failure.</summary>
public sealed class MpiTheoryAttribute : TheoryAttribute
{
    public MpiTheoryAttribute()
    {
        if (!RankProcess.IsInstalled && Environment.GetEnvironmentVariable("CI") != "true")
        {
            Skip = "needs mpirun.openmpi and mpirun.mpich (Debian: openmpi-bin, mpich)";
        }
    }
}
