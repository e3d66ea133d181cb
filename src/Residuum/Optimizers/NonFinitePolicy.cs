namespace Residuum.Optimizers;

/// <summary>What a step does about a gradient that holds NaN or infinity.</summary>
public enum NonFinitePolicy
{
    /// <summary>Throw <see cref="NonFiniteGradientException"/> before anything is written (the default).</summary>
    Throw,

    /// <summary>Skip the step and say so in its report.</summary>
    Skip,

    /// <summary>Skip, but throw when more than <see cref="StepSettings.MaxConsecutiveSkips"/> steps in a row would be skipped.</summary>
    SkipAtMost,

    /// <summary>Do not look. A NaN then stays in an error memory for ever.</summary>
    Off,
}
