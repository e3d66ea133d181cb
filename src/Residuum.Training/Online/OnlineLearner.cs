using System.Globalization;
using Residuum.Optimizers;
using Residuum.Training.Recipes;

namespace Residuum.Training.Online;

/// <summary>Logistic regression that learns row by row: predict, suffer the loss, step.</summary>
/// <remarks>
/// The weights begin at 0. The loss of a row with label y in {0, 1} and z = w x is <c>log(1 + e^z) - y z</c>, its gradient <c>(1 / (1 +
/// e^-z) - y) x</c>.
/// </remarks>
internal sealed class OnlineLearner
{
    private readonly OptimizerChoice _choice;
    private readonly double _rate;
    private readonly double? _delta;
    private readonly Parameter _weights;
    private readonly Optimizer _optimizer;
    private readonly List<OnlinePoint> _curve = [];
    private readonly long _rowsPerPoint;
    private int[] _touched = [];
    private int _touchedCount;
    private double _loss;
    private long _right;
    private long _rows;

    public OnlineLearner(OptimizerChoice choice, double rate, double? delta, int weights, long rowsPerPoint)
    {
        _choice = choice;
        _rate = rate;
        _delta = delta;
        _rowsPerPoint = rowsPerPoint;
        _weights = new Parameter("weight", weights);
        List<KeyValuePair<string, string>> options = [.. choice.Options.Where(option => delta is null || option.Key != "delta")];
        options.Add(new("learningRate", rate.ToString("R", CultureInfo.InvariantCulture)));
        if (delta is double value)
        {
            options.Add(new("delta", value.ToString("R", CultureInfo.InvariantCulture)));
        }

        _optimizer = OptimizerCatalog.Get(choice.Method).Create(
            [new NamedGroup([_weights], options)], new StepSettings { Threads = 1, NonFinite = NonFinitePolicy.Off });
    }

    /// <summary>Learns from the rows of a batch, in order; stops for good where the loss is no longer finite.</summary>
    public void Learn(RowBatch batch)
    {
        for (int row = 0; row < batch.Count && double.IsFinite(_loss); row++)
        {
            Learn(batch.Label(row), batch.Indices(row), batch.Values(row));
        }
    }

    public OnlineResult Result() => new(
        _choice, _rate, _delta, double.IsFinite(_loss) ? _loss / _rows : double.NaN, (double)_right / _rows, _optimizer.StateBytes, _curve);

    private void Learn(double label, ReadOnlySpan<int> indices, ReadOnlySpan<double> values)
    {
        Span<float> w = _weights.Values.Span;
        double z = 0;
        for (int i = 0; i < indices.Length; i++)
        {
            z += w[indices[i]] * values[i];
        }

        double decay = Math.Exp(-Math.Abs(z));
        _loss += Math.Max(z, 0) - (label * z) + Math.Log(1 + decay);
        _right += (z > 0) == (label > 0) ? 1 : 0;
        _rows++;
        if (_rows % _rowsPerPoint == 0)
        {
            _curve.Add(new OnlinePoint(_rows, _loss / _rows));
        }

        if (!double.IsFinite(_loss))
        {
            return;
        }

        double probability = z > 0 ? 1 / (1 + decay) : decay / (1 + decay);
        FillGradient(probability - label, indices, values);
        _optimizer.Step();
    }

    private void FillGradient(double factor, ReadOnlySpan<int> indices, ReadOnlySpan<double> values)
    {
        Span<float> gradient = _weights.Gradient.Span;
        foreach (int index in _touched.AsSpan(0, _touchedCount))
        {
            gradient[index] = 0;
        }

        if (_touched.Length < indices.Length)
        {
            _touched = new int[2 * indices.Length];
        }

        indices.CopyTo(_touched);
        _touchedCount = indices.Length;
        for (int i = 0; i < indices.Length; i++)
        {
            gradient[indices[i]] = (float)(factor * values[i]);
        }
    }
}
