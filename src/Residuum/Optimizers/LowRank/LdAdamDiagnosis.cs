using Residuum.Numerics;

namespace Residuum.Optimizers;

/// <summary>What the subspace kept in a step of <see cref="LdAdam"/> and what the error became.</summary>
/// <remarks>
/// With A = G + E before the step: <c>energyKept</c> |U^T A|^2 / |A|^2; with error feedback <c>errorNorm</c> |E| after the step, and where
/// the gradient is still there, <c>errorToGradient</c> |E| / |G|. The page expects the error to grow to a few gradients (section 4).
/// </remarks>
internal sealed class LdAdamDiagnosis : StepDiagnosis
{
    private readonly Dictionary<Parameter, (LdAdamMatrix Matrix, long Step, float[] Corrected)> _before = [];

    public LdAdamDiagnosis(IEnumerable<LdAdamMatrix?> matrices)
    {
        foreach (LdAdamMatrix? matrix in matrices)
        {
            if (matrix is not null)
            {
                // Clipping comes between now and the step, so a gradient outside the error is looked at afterwards.
                _before.Add(matrix.Parameter, (matrix, matrix.Step, matrix.Options.ErrorFeedback ? matrix.Error.ToArray() : []));
            }
        }
    }

    public override IReadOnlyDictionary<string, double> Of(Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        Dictionary<string, double> figures = new(StringComparer.Ordinal);
        if (!_before.TryGetValue(parameter, out (LdAdamMatrix Matrix, long Step, float[] Corrected) before)
            || before.Matrix.Step == before.Step)
        {
            return figures;
        }

        LdAdamMatrix matrix = before.Matrix;
        float[] corrected = before.Corrected;
        if (!matrix.Options.ErrorFeedback)
        {
            corrected = parameter.Gradient.ToArray();
        }
        else if (matrix.HasOwnError)
        {
            VectorKernels.MultiplyAdd(corrected, 1, parameter.Gradient.Span, corrected);
        }

        float[] kept = new float[matrix.Layout.CoefficientElements];
        matrix.Layout.Project(matrix.Basis, corrected, kept, WorkSharing.Alone);
        double energy = Reductions.SumOfSquares(corrected);
        figures["energyKept"] = energy == 0 ? 0 : Reductions.SumOfSquares(kept) / energy;
        if (matrix.Options.ErrorFeedback)
        {
            figures["errorNorm"] = Math.Sqrt(Reductions.SumOfSquares(matrix.Error));
        }

        if (matrix.HasOwnError)
        {
            double gradient = Math.Sqrt(Reductions.SumOfSquares(parameter.Gradient.Span));
            figures["errorToGradient"] = gradient == 0 ? 0 : figures["errorNorm"] / gradient;
        }

        return figures;
    }
}
