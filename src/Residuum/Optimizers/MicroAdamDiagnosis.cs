using Residuum.Numerics;

namespace Residuum.Optimizers;

/// <summary>What compression and quantization did in a step of <see cref="MicroAdam"/> (page, section 11).</summary>
/// <remarks>
/// With a = g + e, C(a) what was kept, and Q the stored error: <c>errorNorm</c> |Q|, <c>errorToGradient</c> |Q| / |g|, <c>energyKept</c>
/// |C(a)|^2 / |a|^2, <c>compression</c> q = |a - C(a)| / |a|, <c>quantization</c> w = |Q - (a - C(a))| / |a - C(a)|,
/// <c>contractionBound</c> (1 + w) q, and <c>contraction</c> R = |Q| / |a|. The theory asks for (1 + w) q below 1, which fails at 1 % even
/// on benign data; R below 1 is what bounds the error.
/// </remarks>
internal sealed class MicroAdamDiagnosis : StepDiagnosis
{
    private readonly Dictionary<Parameter, (MicroAdamTensor Tensor, long Step, float[] Error)> _before = [];

    public MicroAdamDiagnosis(IEnumerable<MicroAdamTensor> tensors)
    {
        foreach (MicroAdamTensor tensor in tensors)
        {
            _before.Add(tensor.Parameter, (tensor, tensor.Step, ReadError(tensor)));
        }
    }

    public override IReadOnlyDictionary<string, double> Of(Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        if (!_before.TryGetValue(parameter, out (MicroAdamTensor Tensor, long Step, float[] Error) before)
            || before.Tensor.Step == before.Step)
        {
            return new Dictionary<string, double>(StringComparer.Ordinal);
        }

        MicroAdamTensor tensor = before.Tensor;
        float[] rest = before.Error;
        VectorKernels.MultiplyAdd(parameter.Gradient.Span, 1, before.Error, rest);
        double corrected = Reductions.SumOfSquares(rest);
        RemoveKept(tensor, rest);
        double left = Reductions.SumOfSquares(rest);
        float[] stored = ReadError(tensor);
        double error = Reductions.SumOfSquares(stored);
        VectorKernels.MultiplyAdd(stored, -1, rest, stored);
        double lost = Reductions.SumOfSquares(stored);

        double q = Root(left, corrected);
        double w = Root(lost, left);
        return new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["errorNorm"] = Math.Sqrt(error),
            ["errorToGradient"] = Root(error, Reductions.SumOfSquares(parameter.Gradient.Span)),
            ["energyKept"] = corrected == 0 ? 0 : 1 - (left / corrected),
            ["compression"] = q,
            ["quantization"] = w,
            ["contractionBound"] = (1 + w) * q,
            ["contraction"] = Root(error, corrected),
        };
    }

    private static float[] ReadError(MicroAdamTensor tensor)
    {
        float[] error = new float[tensor.Parameter.Length];
        tensor.Error.Read(error, 0);
        return error;
    }

    private static void RemoveKept(MicroAdamTensor tensor, Span<float> a)
    {
        for (int block = 0; block < tensor.Layout.Blocks; block++)
        {
            int k = tensor.Layout.KeptIn(block);
            int start = block * tensor.Layout.BlockLength;
            foreach (ushort index in tensor.Window.Indices(block).Slice(tensor.Slot * k, k))
            {
                a[start + index] = 0;
            }
        }
    }

    private static double Root(double part, double whole) => whole == 0 ? 0 : Math.Sqrt(part / whole);
}
