using Residuum.Compression;
using Residuum.Numerics;
using Residuum.State;

namespace Residuum.Optimizers;

/// <summary>The windows that <see cref="TopKWindowOptions"/> ask for.</summary>
internal static class TopKWindows
{
    public static GradientWindow Make(TopKWindowOptions options, int rows, FlatVector vector, WorkSharing work) =>
        (options.TopKBlockSize, options.WindowValues) switch
        {
            (0, ValueStorage.Float32) => new WholeTopKWindow<float, StoredFloat32>(Whole(options, vector), rows, vector, work),
            (0, _) => new WholeTopKWindow<ushort, StoredBFloat16>(Whole(options, vector), rows, vector, work),
            (_, ValueStorage.Float32) => new BlockTopKWindow<float, StoredFloat32>(Blocks(options, vector), rows, vector, work),
            _ => new BlockTopKWindow<ushort, StoredBFloat16>(Blocks(options, vector), rows, vector, work),
        };

    /// <summary>The memory of a method that keeps such a window of all parameters, without its m x m part.</summary>
    public static WindowPlan Plan(
        IReadOnlyList<(ShapedParameter Parameter, WindowOptions Options, WindowErrorOptions Error)> parameters,
        TopKWindowOptions kept,
        int threads)
    {
        WindowPlan plan = new();
        foreach ((ShapedParameter parameter, WindowOptions options, WindowErrorOptions error) in parameters)
        {
            plan.Add(parameter, options, WindowErrors.Fields(parameter.Length, error));
        }

        int window = parameters[0].Options.Window;
        plan.Add(null, Fields(kept, window, plan.Length), ScratchBytes(kept, window, plan.Length, threads));
        return plan;
    }

    private static IEnumerable<FieldSpec> Fields(TopKWindowOptions options, int rows, long length) =>
        (options.TopKBlockSize, options.WindowValues) switch
        {
            (0, ValueStorage.Float32) => SparseWindow<int, float>.Fields(BlockTopK.KeptOfWhole(length, options.Density), rows),
            (0, _) => SparseWindow<int, ushort>.Fields(BlockTopK.KeptOfWhole(length, options.Density), rows),
            (_, ValueStorage.Float32) => SparseWindow<ushort, float>.Fields(KeptOfBlocks(options, length), rows),
            _ => SparseWindow<ushort, ushort>.Fields(KeptOfBlocks(options, length), rows),
        };

    private static long ScratchBytes(TopKWindowOptions options, int rows, long length, int threads) => options.TopKBlockSize == 0
        ? WholeTopKWindow<float, StoredFloat32>.ScratchBytes(length, rows, threads)
        : BlockTopKWindow<float, StoredFloat32>.ScratchBytes(length, options.TopKBlockSize, rows, threads);

    private static BlockTopK Blocks(TopKWindowOptions options, FlatVector vector) =>
        new(vector.Length, options.TopKBlockSize, options.Density);

    private static BlockTopK Whole(TopKWindowOptions options, FlatVector vector) => BlockTopK.Whole(vector.Length, options.Density);

    private static long KeptOfBlocks(TopKWindowOptions options, long length) =>
        BlockTopK.TotalKeptOf(length, options.TopKBlockSize, options.Density);
}
