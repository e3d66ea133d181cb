namespace Residuum.Tests.State;

/// <summary>A test that mounts a small file system: skipped where that is not allowed, except under CI=true, where it then fails.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MountFactAttribute : FactAttribute
{
    public MountFactAttribute()
    {
        bool mayMount = OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess;
        if (!mayMount && Environment.GetEnvironmentVariable("CI") != "true")
        {
            Skip = "a tmpfs can only be mounted by root on Linux";
        }
    }
}
