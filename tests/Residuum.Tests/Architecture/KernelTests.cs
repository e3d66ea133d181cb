namespace Residuum.Tests.Architecture;

public sealed class KernelTests
{
    /// <summary>A kernel that the just-in-time compiler pulls into its caller is slower, and nothing else would show it.</summary>
    [Fact]
    public void Every_lane_kernel_is_compiled_by_itself() => Repository.AssertNone(Unmarked());

    private static IEnumerable<string> Unmarked()
    {
        foreach (string path in Repository.SourceFiles("src").Where(path => !path.EndsWith("/ILaneKernel.cs", StringComparison.Ordinal)))
        {
            string[] lines = Repository.Lines(path);
            for (int i = 1; i < lines.Length; i++)
            {
                if (lines[i].Contains("nuint Run<TLanes>(", StringComparison.Ordinal)
                    && !lines[i - 1].Contains("[MethodImpl(LaneLoop.KernelOptions)]", StringComparison.Ordinal))
                {
                    yield return $"{path}({i + 1}): the kernel is not marked [MethodImpl(LaneLoop.KernelOptions)]";
                }
            }
        }
    }
}
