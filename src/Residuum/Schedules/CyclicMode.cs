namespace Residuum.Schedules;

/// <summary>How the height of a cycle changes with time.</summary>
public enum CyclicMode
{
    /// <summary>All cycles are equally high.</summary>
    Triangular,

    /// <summary>Each cycle c = 1, 2, ... is half as high as the one before: 2^-(c - 1).</summary>
    Triangular2,

    /// <summary>The height is gamma^t, with t in updates (not in cycles).</summary>
    ExponentialRange,
}
