namespace Residuum.Training.Tests.Logging;

/// <summary>A clock that stands still.</summary>
internal sealed class FixedClock(double unixSeconds) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddSeconds(unixSeconds);
}
