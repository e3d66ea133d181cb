using Residuum.Numerics;
using Residuum.Optimizers;

namespace Residuum.Tests.Acceptance;

/// <summary>The teacher and the student of LDAdam's targets, section 6: y = T2 tanh(T1 x), learnt by w2 tanh(w1 x + b1).</summary>
/// <remarks>
/// Random numbers, the test set and the losses are in double as the targets have them, the training is in float32 like everything here.
/// </remarks>
internal sealed class SmallProblem
{
    private const int Inputs = 32;
    private const int Hidden = 64;
    private const int Outputs = 16;
    private const int Batch = 32;
    private const int Steps = 400;
    private const int TestRows = 512;

    private readonly double[] _teacher1;
    private readonly double[] _teacher2;
    private readonly double[] _start1;
    private readonly double[] _start2;
    private readonly float[] _inputs;
    private readonly float[] _targets;

    /// <summary>Makes problem set k: seeds 10 k + 1 to 10 k + 4.</summary>
    public SmallProblem(int k)
    {
        ulong seed = 10 * (ulong)k;
        Generator teacher = new(seed + 1);
        _teacher1 = teacher.Normals(Hidden * Inputs, 0.8);
        _teacher2 = teacher.Normals(Outputs * Hidden, 1.0 / 8);
        Generator start = new(seed + 2);
        _start1 = start.Normals(Hidden * Inputs, 1 / Math.Sqrt(32));
        _start2 = start.Normals(Outputs * Hidden, 1.0 / 8);
        TestInputs = Scaled(new Generator(seed + 3), TestRows);
        TestTargets = Predict(_teacher1, new double[Hidden], _teacher2, TestInputs);
        double[] inputs = Scaled(new Generator(seed + 4), Steps * Batch);
        _inputs = Single(inputs);
        _targets = Single(Predict(_teacher1, new double[Hidden], _teacher2, inputs));
    }

    /// <summary>The test inputs, row by row.</summary>
    public double[] TestInputs { get; }

    /// <summary>What the teacher says to them.</summary>
    public double[] TestTargets { get; }

    /// <summary>The test loss of the student before training.</summary>
    public double LossAtStart => Loss(_start1, new double[Hidden], _start2);

    /// <summary>The first normal numbers of the teacher's seed.</summary>
    public static double[] FirstNormals(int k, int count) => new Generator((10 * (ulong)k) + 1).Normals(count, 1);

    /// <summary>Trains for 400 steps at a constant rate.</summary>
    /// <param name="method">Makes the optimizer.</param>
    /// <returns>The test losses after 100, 200 and 400 steps.</returns>
    public (double At100, double At200, double At400) Train(Func<IReadOnlyList<Parameter>, Optimizer> method)
    {
        Parameter w1 = new("w1", [Hidden, Inputs], Single(_start1), new float[Hidden * Inputs]);
        Parameter b1 = new("b1", Hidden);
        Parameter w2 = new("w2", [Outputs, Hidden], Single(_start2), new float[Outputs * Hidden]);
        Optimizer optimizer = method([w1, b1, w2]);
        Passes passes = new();
        double at100 = 0;
        double at200 = 0;
        for (int step = 0; step < Steps; step++)
        {
            ReadOnlySpan<float> x = _inputs.AsSpan(step * Batch * Inputs, Batch * Inputs);
            passes.Differentiate(w1, b1, w2, x, _targets.AsSpan(step * Batch * Outputs, Batch * Outputs));
            optimizer.Step();
            at100 = step + 1 == 100 ? LossOf(w1, b1, w2) : at100;
            at200 = step + 1 == 200 ? LossOf(w1, b1, w2) : at200;
        }

        return (at100, at200, LossOf(w1, b1, w2));
    }

    private double LossOf(Parameter w1, Parameter b1, Parameter w2) => Loss(Double(w1), Double(b1), Double(w2));

    // Half the mean over samples of the squared error norm.
    private double Loss(double[] w1, double[] b1, double[] w2)
    {
        double[] outputs = Predict(w1, b1, w2, TestInputs);
        double sum = 0;
        for (int i = 0; i < outputs.Length; i++)
        {
            sum += (outputs[i] - TestTargets[i]) * (outputs[i] - TestTargets[i]);
        }

        return sum / 2 / TestRows;
    }

    private static double[] Predict(double[] w1, double[] b1, double[] w2, double[] inputs)
    {
        int rows = inputs.Length / Inputs;
        double[] outputs = new double[rows * Outputs];
        double[] hidden = new double[Hidden];
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<double> x = inputs.AsSpan(row * Inputs, Inputs);
            for (int i = 0; i < Hidden; i++)
            {
                hidden[i] = Math.Tanh(Dot(w1.AsSpan(i * Inputs, Inputs), x) + b1[i]);
            }

            for (int i = 0; i < Outputs; i++)
            {
                outputs[(row * Outputs) + i] = Dot(w2.AsSpan(i * Hidden, Hidden), hidden);
            }
        }

        return outputs;
    }

    private static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum += x[i] * y[i];
        }

        return sum;
    }

    private static double[] Scaled(Generator random, int rows)
    {
        double[] inputs = random.Normals(rows * Inputs, 1);
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i] /= 1 + (i % Inputs / 4.0);
        }

        return inputs;
    }

    private static float[] Single(double[] values) => Array.ConvertAll(values, value => (float)value);

    private static double[] Double(Parameter parameter) => Array.ConvertAll(parameter.Values.ToArray(), value => (double)value);

    /// <summary>The targets' generator: a 64-bit linear congruence, advanced, then read.</summary>
    private sealed class Generator(ulong seed)
    {
        private ulong _state = seed;

        public double[] Normals(int count, double scale) => [.. Enumerable.Range(0, count).Select(_ => scale * Normal())];

        private double Normal()
        {
            double a = Uniform();
            double b = Uniform();
            return Math.Sqrt(-2 * Math.Log(1 - a)) * Math.Cos(2 * Math.PI * b);
        }

        private double Uniform()
        {
            _state = unchecked((_state * 6364136223846793005) + 1442695040888963407);
            return (_state >> 11) / 9007199254740992.0;
        }
    }

    /// <summary>The gradients of one batch, in float32.</summary>
    private sealed class Passes
    {
        private static readonly MatrixLayout X = new(Batch, Inputs);
        private static readonly MatrixLayout H = new(Batch, Hidden);
        private static readonly MatrixLayout Y = new(Batch, Outputs);
        private static readonly MatrixLayout W1 = new(Hidden, Inputs);
        private static readonly MatrixLayout W2 = new(Outputs, Hidden);

        private readonly float[] _h = new float[Batch * Hidden];
        private readonly float[] _dh = new float[Batch * Hidden];
        private readonly float[] _dy = new float[Batch * Outputs];

        public void Differentiate(Parameter w1, Parameter b1, Parameter w2, ReadOnlySpan<float> x, ReadOnlySpan<float> targets)
        {
            MatrixProduct.Multiply(x, X, w1.Values.Span, W1.Transpose(), _h, H, WorkSharing.Alone);
            for (int i = 0; i < _h.Length; i++)
            {
                _h[i] = MathF.Tanh(_h[i] + b1.Values.Span[i % Hidden]);
            }

            MatrixProduct.Multiply(_h, H, w2.Values.Span, W2.Transpose(), _dy, Y, WorkSharing.Alone);
            for (int i = 0; i < _dy.Length; i++)
            {
                _dy[i] = (_dy[i] - targets[i]) / Batch;
            }

            MatrixProduct.Multiply(_dy, Y.Transpose(), _h, H, w2.Gradient.Span, W2, WorkSharing.Alone);
            MatrixProduct.Multiply(_dy, Y, w2.Values.Span, W2, _dh, H, WorkSharing.Alone);
            b1.Gradient.Span.Clear();
            for (int i = 0; i < _dh.Length; i++)
            {
                _dh[i] *= 1 - (_h[i] * _h[i]);
                b1.Gradient.Span[i % Hidden] += _dh[i];
            }

            MatrixProduct.Multiply(_dh, H.Transpose(), x, X, w1.Gradient.Span, W1, WorkSharing.Alone);
        }
    }
}
