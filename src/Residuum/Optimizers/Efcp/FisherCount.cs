namespace Residuum.Optimizers;

/// <summary>How many gradients the mean in the Fisher matrix counts (methods page of EFCP, 3.1).</summary>
public enum FisherCount
{
    /// <summary>m from the first step on: every published configuration.</summary>
    Window,

    /// <summary>Those in the window: min(t, m).</summary>
    Filled,
}
