using Residuum.Compression;
using Residuum.ErrorMemory;
using Residuum.Numerics;
using Residuum.State;

namespace Residuum.Optimizers;

/// <summary>The windows that <see cref="LowRankWindowOptions"/> ask for: factors of matrices, whole gradients of everything else.</summary>
/// <remarks>
/// A parameter of two or more dimensions is the matrix of shape[0] rows and the product of the rest as columns. One with fewer dimensions
/// is not compressed and has no error (methods page of EFCP, 5.1).
/// </remarks>
internal static class LowRankWindows
{
    // Of the draws that Q starts with (methods page of EFCP, section 8).
    private const ulong Seed = 42;

    public static GradientWindow Make(
        IReadOnlyList<WindowTensor> tensors, Func<WindowTensor, LowRankWindowOptions> optionsOf, FlatVector vector, WorkSharing work)
    {
        RequireKnownNames(tensors, optionsOf);
        List<GradientWindow> parts = [];
        for (int i = 0; i < tensors.Count; i++)
        {
            WindowTensor tensor = tensors[i];
            Parameter parameter = tensor.Parameter;
            int rows = tensor.Options.Window;
            if (!IsMatrix(parameter.Shape))
            {
                parts.Add(new DenseWindow(parameter.Name, rows, vector, tensor.Offset, parameter.Length, work));
            }
            else if (parameter.Length > 0)
            {
                LowRankProjector projector = Start(parameter, i, optionsOf(tensor));
                parts.Add(new LowRankWindow(parameter.Name, rows, vector, tensor.Offset, parameter.Shape[0], projector, work));
            }
        }

        return new JoinedWindow(parts);
    }

    public static ErrorMemory.ErrorMemory MakeError(Parameter parameter, WindowErrorOptions options) =>
        IsMatrix(parameter.Shape) ? WindowErrors.Make(parameter.Length, options) : new NoErrorMemory();

    /// <summary>The memory of a method that keeps such windows, without its m x m part.</summary>
    public static WindowPlan Plan(
        IReadOnlyList<(ShapedParameter Parameter, WindowOptions Options, LowRankWindowOptions Kept, WindowErrorOptions Error)> parameters,
        int threads)
    {
        WindowPlan plan = new();
        foreach ((ShapedParameter parameter, WindowOptions options, _, WindowErrorOptions error) in parameters)
        {
            plan.Add(parameter, options, ErrorFields(parameter, error));
        }

        foreach ((ShapedParameter parameter, WindowOptions options, LowRankWindowOptions kept, _) in parameters)
        {
            plan.Add(
                parameter.Name, Fields(parameter, kept.Rank, options.Window), ScratchBytes(parameter, kept.Rank, options.Window, threads));
        }

        return plan;
    }

    private static IEnumerable<FieldSpec> ErrorFields(ShapedParameter parameter, WindowErrorOptions options) =>
        IsMatrix([.. parameter.Shape]) ? WindowErrors.Fields(parameter.Length, options) : [];

    private static IEnumerable<FieldSpec> Fields(ShapedParameter parameter, int rank, int window)
    {
        if (!IsMatrix([.. parameter.Shape]))
        {
            return [DenseWindow.Field(parameter.Length, window)];
        }

        return parameter.Length == 0 ? [] : LowRankWindow.Fields(parameter.Shape[0], parameter.Length / parameter.Shape[0], rank, window);
    }

    private static long ScratchBytes(ShapedParameter parameter, int rank, int window, int threads)
    {
        if (!IsMatrix([.. parameter.Shape]))
        {
            return DenseWindow.ScratchBytes(parameter.Length, window, threads);
        }

        int rows = parameter.Shape[0];
        return parameter.Length == 0 ? 0 : LowRankWindow.ScratchBytes(rows, parameter.Length / rows, rank, window, threads);
    }

    private static bool IsMatrix(ReadOnlySpan<int> shape) => shape.Length >= 2;

    private static LowRankProjector Start(Parameter parameter, int index, LowRankWindowOptions options)
    {
        int rows = parameter.Shape[0];
        int columns = parameter.Length / rows;
        LowRankProjector projector = new(rows, columns, options.Rank);
        if (options.InitialQ.TryGetValue(parameter.Name, out IReadOnlyList<double>? initial))
        {
            if (initial.Count != projector.Q.Length)
            {
                throw new ArgumentException(
                    $"The option initialQ has {initial.Count} numbers for '{parameter.Name}'; it must have {columns} x {projector.Rank}.",
                    "initialQ");
            }

            projector.Start([.. initial.Select(x => (float)x)]);
        }
        else
        {
            projector.Start(Seed, index);
        }

        if (options.QFromWeights)
        {
            float[] factors = new float[projector.Rank * (rows + columns)];
            Span<float> p = factors.AsSpan(0, projector.Rank * rows);
            Scratch scratch = new(1, LowRankProjector.ScratchBytes(rows, columns, options.Rank));
            projector.Compress(parameter.Values.ToArray(), p, factors.AsSpan(p.Length), scratch.Area(0));
        }

        return projector;
    }

    private static void RequireKnownNames(IReadOnlyList<WindowTensor> tensors, Func<WindowTensor, LowRankWindowOptions> optionsOf)
    {
        HashSet<string> matrices = [.. tensors.Where(tensor => IsMatrix(tensor.Parameter.Shape)).Select(tensor => tensor.Parameter.Name)];
        foreach (string name in tensors.SelectMany(tensor => optionsOf(tensor).InitialQ.Keys))
        {
            if (!matrices.Contains(name))
            {
                throw new ArgumentException(
                    $"The option initialQ names '{name}', which is not a parameter of two or more dimensions.", "initialQ");
            }
        }
    }
}
