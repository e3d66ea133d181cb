using Residuum.ErrorMemory;
using Residuum.Numerics;
using Residuum.Optimizers;

namespace Residuum.Tests.Oracles;

/// <summary>MicroAdam of one tensor in plain scalar code, line by line as its page: slow, dense, and the measure of the fast one.</summary>
internal sealed class MicroAdamOracle(float[] theta, MicroAdamOptions options)
{
    private readonly int _d = theta.Length;
    private readonly List<(int Index, float Value)[]> _ring = [];
    private readonly float[] _error = new float[theta.Length];
    private int _t;

    public float[] Theta => theta;

    /// <summary>The stored error, dequantized.</summary>
    public float[] Error => _error;

    public void Step(float[] gradient)
    {
        _t++;
        float[] a = [.. gradient.Select((g, i) => g + _error[i])];
        List<(int Index, float Value)> kept = [];
        int block = Math.Min(_d, options.TopKBlockSize);
        for (int start = 0; start < _d; start += block)
        {
            int length = Math.Min(block, _d - start);
            int k = Math.Max(1, (int)Math.Ceiling((length * options.Density) - 1e-12));
            kept.AddRange(Enumerable.Range(start, length)
                .OrderByDescending(i => MathF.Abs(a[i])).ThenBy(i => i).Take(k)
                .Select(i => (i, BFloat16.Round(a[i]))));
        }

        if (_ring.Count < options.Window)
        {
            _ring.Add([.. kept]);
        }
        else
        {
            _ring[(_t - 1) % options.Window] = [.. kept];
        }

        foreach ((int index, _) in kept)
        {
            a[index] = 0;
        }

        StoreError(a);
        double decay = 1 - (options.LearningRate * options.WeightDecay);
        double[] m = new double[_d];
        double[] w = new double[_d];
        for (int row = 0; row < _ring.Count; row++)
        {
            int age = (((_t - 1 - row) % options.Window) + options.Window) % options.Window;
            foreach ((int index, float value) in _ring[row])
            {
                m[index] += Math.Pow(options.Beta1, age) * value;
                w[index] += Math.Pow(options.Beta2, age) * value * value;
            }
        }

        double c1 = (1 - options.Beta1) / (1 - Math.Pow(options.Beta1, _t));
        double c2 = (1 - options.Beta2) / (1 - Math.Pow(options.Beta2, _t));
        for (int i = 0; i < _d; i++)
        {
            double u = w[i] == 0 ? 0 : c1 * m[i] / (Math.Sqrt(c2 * w[i]) + options.Epsilon);
            theta[i] = (float)((theta[i] * decay) - (options.LearningRate * u));
        }
    }

    private void StoreError(float[] a)
    {
        if (options.ErrorBits != 4)
        {
            for (int i = 0; i < _d; i++)
            {
                _error[i] = options.ErrorBits == 32 ? a[i] : 0;
            }

            return;
        }

        for (int start = 0; start < _d; start += options.QuantBucketSize)
        {
            float[] bucket = a[start..Math.Min(_d, start + options.QuantBucketSize)];
            float low = bucket.Min();
            float high = bucket.Max();
            if (options.RangeStorage == RangeStorage.Bfloat16)
            {
                low = BFloat16.RoundDown(low);
                high = BFloat16.RoundUp(high);
            }

            float step = (high - low) / 15;
            for (int i = 0; i < bucket.Length; i++)
            {
                double code = step > 0 ? Math.Clamp(Math.Floor((((double)bucket[i] - low) / step) + 0.5), 0, 15) : 0;
                _error[start + i] = (float)((code * step) + low);
            }
        }
    }
}
