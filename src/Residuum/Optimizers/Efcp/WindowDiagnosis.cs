using Residuum.ErrorMemory;
using Residuum.Numerics;

namespace Residuum.Optimizers;

/// <summary>What compression left in a step of a method with a window of compressed gradients.</summary>
/// <remarks>
/// With a = e + g and the new error e': <c>errorNorm</c> |e'|, <c>errorToGradient</c> |e'| / |g|, <c>energyKept</c> 1 - |e'|^2 / |a|^2 and
/// <c>contraction</c> |e'| / |a|, which must stay below 1 for the error to be bounded.
/// </remarks>
internal sealed class WindowDiagnosis : StepDiagnosis
{
    private readonly Dictionary<Parameter, (WindowTensor Tensor, float[] Corrected)> _before = [];

    public WindowDiagnosis(ReadOnlySpan<WindowTensor> tensors)
    {
        foreach (WindowTensor tensor in tensors)
        {
            if (tensor.Error is not NoErrorMemory && tensor.Parameter.HasGradient)
            {
                float[] corrected = new float[tensor.Parameter.Length];
                tensor.Error.Read(corrected, 0);
                if (tensor.Options.WeightDecayMode == WeightDecayMode.L2)
                {
                    VectorKernels.MultiplyAdd(corrected, (float)tensor.Group.WeightDecay, tensor.Parameter.Values.Span, corrected);
                }

                _before.Add(tensor.Parameter, (tensor, corrected));
            }
        }
    }

    public override IReadOnlyDictionary<string, double> Of(Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        Dictionary<string, double> figures = new(StringComparer.Ordinal);
        if (_before.TryGetValue(parameter, out (WindowTensor Tensor, float[] Corrected) before))
        {
            VectorKernels.MultiplyAdd(before.Corrected, 1, parameter.Gradient.Span, before.Corrected);
            float[] rest = new float[parameter.Length];
            before.Tensor.Error.Read(rest, 0);
            double corrected = Reductions.SumOfSquares(before.Corrected);
            double error = Reductions.SumOfSquares(rest);
            double gradient = Reductions.SumOfSquares(parameter.Gradient.Span);
            figures["errorNorm"] = Math.Sqrt(error);
            figures["errorToGradient"] = gradient == 0 ? 0 : Math.Sqrt(error / gradient);
            figures["energyKept"] = corrected == 0 ? 0 : 1 - (error / corrected);
            figures["contraction"] = corrected == 0 ? 0 : Math.Sqrt(error / corrected);
        }

        return figures;
    }
}
