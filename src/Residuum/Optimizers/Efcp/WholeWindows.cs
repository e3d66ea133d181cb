using Residuum.Compression;
using Residuum.Numerics;

namespace Residuum.Optimizers;

/// <summary>The windows of methods that keep whole gradients.</summary>
internal static class WholeWindows
{
    public static GradientWindow Make(IReadOnlyList<WindowTensor> tensors, FlatVector vector, WorkSharing work) =>
        new DenseWindow(null, tensors[0].Options.Window, vector, 0, vector.Length, work);

    /// <summary>The memory of a method that keeps such a window of all parameters, without its m x m part.</summary>
    public static WindowPlan Plan(IReadOnlyList<(ShapedParameter Parameter, WindowOptions Options)> parameters, int threads)
    {
        WindowPlan plan = new();
        foreach ((ShapedParameter parameter, WindowOptions options) in parameters)
        {
            plan.Add(parameter, options, []);
        }

        int window = parameters[0].Options.Window;
        plan.Add(null, [DenseWindow.Field(plan.Length, window)], DenseWindow.ScratchBytes(plan.Length, window, threads));
        return plan;
    }
}
