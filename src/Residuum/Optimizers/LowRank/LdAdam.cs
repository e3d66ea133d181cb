using System.Globalization;
using Residuum.Compression;
using Residuum.Numerics;
using Residuum.State;

namespace Residuum.Optimizers;

/// <summary>Adam whose statistics live in a low-rank subspace that moves at every step, with error feedback (arXiv 2410.16103).</summary>
/// <remarks>
/// For every low-rank parameter W of m x n with gradient G, at its own step t from 1, in the left form (page, section 3; the right form is
/// the same with everything transposed):
/// <code>
/// A = G + E                                                                        (1)  the error comes back
/// B = rho U' m' / (1 - beta1^(t-1)) + (1 - rho) A;  U = the Q of B (B^T U')        (2)  at t = 1 the leading singular vectors of A
/// a = U^T A                                                                        (3)
/// Q = U^T U';  mt = Q m'                                                           (4)  U', m', v' are those of the last step
/// vt = (1 - beta2^(t-1)) |(Q o Q)(vh - mh o mh) + (Q mh) o (Q mh)|                 (5)  mh, vh: m', v' with bias correction
/// E = A - U a + beta1 / (1 - beta1) (U' m' - U mt)                                 (6)
/// m = beta1 mt + (1 - beta1) a;  v = beta2 vt + (1 - beta2) a o a                  (7)
/// D = (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)                    (8)
/// W = (1 - eta lambda) W - eta U D                                                 (9)
/// </code>
/// Other parameters take steps of <see cref="AdamW"/>. State of a matrix with sides L >= S: r (2 L + S) numbers, and L S more where the
/// error has memory of its own. Six products of 2 m n r flops a step, without error feedback four; beside the error there is no temporary
/// of m x n.
/// </remarks>
public sealed class LdAdam : ElementwiseOptimizer
{
    private readonly LdAdamMatrix?[] _matrices;
    private readonly AdamMoments?[] _dense;
    private readonly LdAdamScratchSizes _sizes;
    private readonly Scratch _scratch;
    private readonly LeadingSubspace? _leading;

    /// <summary>Makes an optimizer of one group.</summary>
    /// <param name="parameters">What to train.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="settings">Threads, guard and clipping; null for the defaults.</param>
    /// <exception cref="ArgumentException">
    /// There is no parameter, two have the same name, an option is out of its range, or a parameter must be low-rank and cannot be.
    /// </exception>
    public LdAdam(IEnumerable<Parameter> parameters, LdAdamOptions? options = null, StepSettings? settings = null)
        : this([new GroupOptions<LdAdamOptions>([.. parameters], options ?? new LdAdamOptions())], settings)
    {
    }

    /// <summary>Makes an optimizer of several groups.</summary>
    /// <param name="groups">Parameters with their options.</param>
    /// <param name="settings">Threads, guard and clipping; null for the defaults.</param>
    /// <exception cref="ArgumentException">
    /// A parameter must be low-rank and cannot be, or the gradients hold the error and the settings would clip it or go on after one that
    /// is not finite.
    /// </exception>
    public LdAdam(IEnumerable<GroupOptions<LdAdamOptions>> groups, StepSettings? settings = null)
        : base([.. groups.Select(group => new AdamGroup(group.Parameters, group.Options))], settings)
    {
        _matrices = new LdAdamMatrix?[Parameters.Count];
        _dense = new AdamMoments?[Parameters.Count];
        for (int i = 0; i < Parameters.Count; i++)
        {
            AdamGroup group = (AdamGroup)GroupOf(i);
            LdAdamOptions options = (LdAdamOptions)group.Options;
            if (options.Decide(Parameters[i].Name, Parameters[i].Shape.ToArray()).Layout is not { } layout)
            {
                _dense[i] = new AdamMoments(Parameters[i], group, StateArena.Apart);
                AddState(_dense[i]!.State());
                continue;
            }

            _matrices[i] = new LdAdamMatrix(Parameters[i], group, layout);
            AddState(_matrices[i]!.State());
            _sizes = _sizes.Including(layout, options);
            if (options is { ErrorFeedback: true, ErrorBuffer: ErrorBuffer.GradientBuffer })
            {
                RequireUntouchedGradients();
                Parameters[i].GradientHoldsError = true;
            }
        }

        _scratch = new Scratch(1, _sizes.Bytes);
        _leading = _sizes.HasLeading ? new LeadingSubspace(_sizes.Leading) : null;
    }

    /// <inheritdoc/>
    public override string Method => "ldadam";

    /// <inheritdoc/>
    public override long ScratchBytes => _sizes.AllBytes;

    /// <inheritdoc/>
    /// <remarks>
    /// Of a matrix: the gradient is added to the error (12 bytes a weight; none in the gradient buffer), A is read by three products, E and
    /// W are read and written, and so is the state.
    /// </remarks>
    public override double StepTrafficBytes
    {
        get
        {
            double bytes = 0;
            for (int i = 0; i < Parameters.Count; i++)
            {
                double weights = Parameters[i].Length;
                bytes += _matrices[i] is { } matrix
                    ? (weights * ((matrix.HasOwnError ? 12 : 0) + 12 + (matrix.Options.ErrorFeedback ? 8 : 0) + 8))
                        + (8.0 * (matrix.Basis.Length + (2 * matrix.M.Length)))
                    : AdamMoments.TrafficBytes * weights;
            }

            return bytes;
        }
    }

    /// <inheritdoc/>
    public override StepDiagnosis? Diagnose() => new LdAdamDiagnosis(_matrices);

    internal static MemoryPlan Plan(IReadOnlyList<(ShapedParameter Parameter, LdAdamOptions Options)> parameters)
    {
        LdAdamScratchSizes sizes = default;
        return LowRankPlan.Of(
            [.. parameters.Select(pair => (pair.Parameter, pair.Options.Decide(pair.Parameter.Name, pair.Parameter.Shape)))],
            (index, decision) =>
            {
                (ShapedParameter parameter, LdAdamOptions options) = parameters[index];
                if (decision.Layout is not { } layout)
                {
                    return AdamW.Fields([.. parameter.Shape]);
                }

                sizes = sizes.Including(layout, options);
                return LdAdamMatrix.Fields(parameter.Shape, layout, options);
            },
            () => sizes.AllBytes);
    }

    private protected override bool FinishesTensors => true;

    private protected override void Advance(int index)
    {
        _matrices[index]?.Advance();
        _dense[index]?.Advance();
    }

    // Dense parameters are updated; of matrices A = G + E (1), where the error is not in the gradient already.
    private protected override void UpdatePiece(int index, int start, Span<float> w, ReadOnlySpan<float> g, int worker)
    {
        if (_dense[index] is { } dense)
        {
            dense.Update(start, w, g);
        }
        else if (_matrices[index] is { HasOwnError: true } matrix)
        {
            Span<float> error = matrix.Error.Slice(start, g.Length);
            VectorKernels.MultiplyAdd(error, 1, g, error);
        }
    }

    private protected override void Finish(int index)
    {
        if (_matrices[index] is { } matrix)
        {
            LdAdamScratch scratch = new(_scratch.Area(0), _sizes, matrix.Layout);
            StepMatrix(matrix, scratch);
        }
    }

    private void StepMatrix(LdAdamMatrix matrix, LdAdamScratch scratch)
    {
        SubspaceLayout layout = matrix.Layout;
        Span<float> corrected = matrix.Error;
        Span<float> a = scratch.Projected;
        if (matrix.Step == 1)
        {
            // Needed once per matrix: the memory is given back.
            LeadingSubspace leading = _leading ?? new LeadingSubspace(default(SubspaceScratchSizes).Including(layout));
            leading.Find(layout, 1, corrected, [], [], matrix.Basis, Work);                                 // (2)
            layout.Project(matrix.Basis, corrected, a, Work);                                               // (3)
            scratch.Carried.Clear();
            scratch.Spread.Clear();
            if (matrix.Options.ErrorFeedback)
            {
                layout.Expand(-1, matrix.Basis, a, 1, corrected, Work);                                     // (6)
            }
        }
        else
        {
            matrix.Basis.CopyTo(scratch.OldBasis);
            MoveBasis(matrix, corrected, scratch);                                                          // (2)
            layout.Project(matrix.Basis, corrected, a, Work);                                               // (3)
            CarryMoments(matrix, scratch);                                                                  // (4), (5)
            if (matrix.Options.ErrorFeedback)
            {
                TakeOut(matrix, corrected, scratch);                                                        // (6)
            }
        }

        LdAdamKernels.Moments(matrix, a, scratch.Carried, scratch.Spread);                                  // (5), (7), (8)
        float eta = (float)matrix.Group.LearningRate;
        float decay = (float)(1 - (matrix.Group.LearningRate * matrix.Group.WeightDecay));
        layout.Expand(-eta, matrix.Basis, scratch.Spread, decay, matrix.Parameter.Values.Span, Work);       // (9)
    }

    // (2): with X = B^T U' = rho' m'^T + (1 - rho) A^T U', because U' is orthonormal, Y = B X = (1 - rho) A X + rho' U' (m' X). So B
    // itself, and U' m' of m x n, are never made.
    private void MoveBasis(LdAdamMatrix matrix, ReadOnlySpan<float> corrected, LdAdamScratch scratch)
    {
        SubspaceLayout layout = matrix.Layout;
        float fresh = (float)(1 - matrix.Options.Rho);
        float old = (float)(matrix.Options.Rho / matrix.Before.First);
        if (matrix.Options.SubspaceMethod == SubspaceMethod.Svd)
        {
            matrix.M.CopyTo(scratch.Mixed);
            VectorKernels.Scale(scratch.Mixed, old);
            _leading!.Find(layout, fresh, corrected, scratch.OldBasis, scratch.Mixed, matrix.Basis, Work);
            return;
        }

        Span<float> x = scratch.Mixed;
        layout.Project(scratch.OldBasis, corrected, x, Work);
        VectorKernels.Scale(x, fresh);
        VectorKernels.MultiplyAdd(x, old, matrix.M, x);

        // Q does not depend on the size of Y, but squares of very large or very small gradients would not fit float32.
        float largest = Reductions.LargestMagnitude(x);
        if (largest > 0)
        {
            VectorKernels.Scale(x, MathF.ScaleB(1, -MathF.ILogB(largest)));
        }

        MatrixLayout xTransposed = layout.Coefficients.Transpose();
        Span<float> mx = scratch.Turn;
        MatrixProduct.Multiply(matrix.M, layout.Coefficients, x, xTransposed, mx, Square(layout), Work);

        // In the right form A is read along its rows if Y is made column by column, in the left form row by row.
        Span<float> y = scratch.Bases[..layout.BasisElements];
        Span<float> columns = scratch.Bases[layout.BasisElements..];
        MatrixLayout yLayout = layout.IsRight ? layout.BasisByColumns : layout.Basis;
        Span<float> target = layout.IsRight ? columns : y;
        MatrixProduct.Multiply(corrected, layout.Matrix, x, xTransposed, target, yLayout, Work, fresh);
        MatrixProduct.Multiply(scratch.OldBasis, layout.Basis, mx, Square(layout), target, yLayout, Work, old, 1);
        if (!layout.IsRight)
        {
            MatrixTranspose.Copy(y, layout.Side, layout.Rank, columns);
        }

        HouseholderQr.Orthonormalize(columns, layout.Side, layout.Rank, scratch.Reflectors, Work);
        MatrixTranspose.Copy(columns, layout.Rank, layout.Side, matrix.Basis);
    }

    // (4) and the part of (5) that mixes rows: mt = Q m' and (Q o Q)(vh - mh o mh).
    private void CarryMoments(LdAdamMatrix matrix, LdAdamScratch scratch)
    {
        SubspaceLayout layout = matrix.Layout;
        MatrixProduct.Multiply(matrix.Basis, layout.Basis.Transpose(), scratch.OldBasis, layout.Basis, scratch.Turn, Square(layout), Work);
        MatrixProduct.Multiply(scratch.Turn, Square(layout), matrix.M, layout.Coefficients, scratch.Carried, layout.Coefficients, Work);

        for (int i = 0; i < scratch.Turn.Length; i++)
        {
            scratch.Squares[i] = scratch.Turn[i] * scratch.Turn[i];
        }

        LdAdamKernels.Variance(matrix.M, matrix.V, matrix.Before.First, matrix.Before.Second, scratch.Mixed);
        MatrixProduct.Multiply(
            scratch.Squares, Square(layout), scratch.Mixed, layout.Coefficients, scratch.Spread, layout.Coefficients, Work);
    }

    // (6) as one product of rank 2 r, so that E passes through memory once: E = A - [U U'] [a + c mt; -c m'], c = beta1 / (1 - beta1).
    private void TakeOut(LdAdamMatrix matrix, Span<float> corrected, LdAdamScratch scratch)
    {
        SubspaceLayout layout = matrix.Layout;
        int rank = layout.Rank;
        for (int i = 0; i < layout.Side; i++)
        {
            matrix.Basis.AsSpan(i * rank, rank).CopyTo(scratch.Bases[(2 * i * rank)..]);
            scratch.OldBasis.Slice(i * rank, rank).CopyTo(scratch.Bases[(((2 * i) + 1) * rank)..]);
        }

        // The stored rows of the factors: r x n above r x n on the left; on the right m times r beside r.
        float c = (float)(matrix.Group.Beta1 / (1 - matrix.Group.Beta1));
        int runs = layout.IsRight ? layout.Length : 1;
        int run = layout.CoefficientElements / runs;
        for (int i = 0; i < runs; i++)
        {
            Span<float> upper = scratch.Factors.Slice(2 * i * run, run);
            Span<float> lower = scratch.Factors.Slice(((2 * i) + 1) * run, run);
            VectorKernels.MultiplyAdd(scratch.Projected.Slice(i * run, run), c, scratch.Carried.Slice(i * run, run), upper);
            matrix.M.AsSpan(i * run, run).CopyTo(lower);
            VectorKernels.Scale(lower, -c);
        }

        MatrixLayout both = new(layout.Side, 2 * rank);
        MatrixProduct.Multiply(
            scratch.Bases, both, scratch.Factors, layout.CoefficientsOf(2 * rank), corrected, layout.Matrix, Work, alpha: -1, beta: 1);
    }

    private static MatrixLayout Square(SubspaceLayout layout) => new(layout.Rank, layout.Rank);

    // Page, section 6: clipping would clip the error, and a gradient that is not finite has already been added to it.
    private void RequireUntouchedGradients()
    {
        if (Settings.ClipNorm is not null || Settings.ClipValue is not null)
        {
            throw new ArgumentException(
                $"The option errorBuffer is gradientBuffer, where clipping (clipNorm {Text(Settings.ClipNorm)}, clipValue "
                    + $"{Text(Settings.ClipValue)}) would clip the error too; it must be ownBuffer, or nothing be clipped.",
                "errorBuffer");
        }

        if (Settings.NonFinite is NonFinitePolicy.Skip or NonFinitePolicy.SkipAtMost)
        {
            throw new ArgumentException(
                "The option errorBuffer is gradientBuffer, where a gradient that is not finite has spoiled the error, so that the policy "
                    + $"{Settings.NonFinite} cannot skip its step; it must be ownBuffer, or the policy be Throw or Off.",
                "errorBuffer");
        }
    }

    private static string Text(double? limit) => limit?.ToString(CultureInfo.InvariantCulture) ?? "none";
}
