namespace Residuum.Cli;

/// <summary>The exit codes that scripts rely on.</summary>
internal static class ExitCode
{
    /// <summary>All went well.</summary>
    public const int Fine = 0;

    /// <summary>Something failed: a file, a disk, a check.</summary>
    public const int Failure = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary><c>train</c>: the run diverged.</summary>
    public const int Diverged = 3;

    /// <summary>A checkpoint is damaged or does not fit.</summary>
    public const int CheckpointRefused = 4;

    /// <summary>Ctrl-C; what was to be saved is saved.</summary>
    public const int Interrupted = 130;
}
