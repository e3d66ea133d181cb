using Residuum.Numerics;

namespace Residuum.Tests.Numerics;

public sealed class ElementaryTests
{
    private static readonly int[] Widths = [16, 8, 1];

    public delegate void SpanFunction(ReadOnlySpan<float> x, Span<float> y, int lanes);

    /// <summary>Name, function, the exact value, the bound in units in the last place, and the range of the random arguments.</summary>
    private static readonly (string Name, SpanFunction Run, Func<double, double> Exact, double Ulps, double Low, double High)[] Functions =
    [
        ("exp", Elementary.Map<Elementary.ExpFunction>, Math.Exp, 1.1, -105, 90),
        ("exp near 0", Elementary.Map<Elementary.ExpFunction>, Math.Exp, 1.1, -1, 1),
        ("log", Elementary.Map<Elementary.LogFunction>, Math.Log, 1, 0, 1e4),
        ("log near 1", Elementary.Map<Elementary.LogFunction>, Math.Log, 1, 0.5, 2),
        ("tanh", Elementary.Map<Elementary.TanhFunction>, Math.Tanh, 2, -12, 12),
        ("tanh near 0", Elementary.Map<Elementary.TanhFunction>, Math.Tanh, 2, -0.8, 0.8),
        ("sigmoid", Elementary.Map<Elementary.SigmoidFunction>, Sigmoid, 3, -90, 90),
        ("sigmoid near 0", Elementary.Map<Elementary.SigmoidFunction>, Sigmoid, 3, -2, 2),
        ("silu", Elementary.Map<Elementary.SiluFunction>, x => x * Sigmoid(x), 4, -85, 20),
        ("reciprocal root", Elementary.Map<Elementary.ReciprocalSqrtFunction>, x => 1 / Math.Sqrt(x), 1.5, 0, 1e5),
    ];

    public static TheoryData<int> Numbers()
    {
        TheoryData<int> numbers = [];
        for (int i = 0; i < Functions.Length; i++)
        {
            numbers.Add(i);
        }

        return numbers;
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void IsAccurate(int number)
    {
        var (name, run, exact, ulps, low, high) = Functions[number];
        CounterRandom random = new(5, (ulong)number);
        float[] x = new float[200_000];
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = (float)(low + (high - low) * random.Uniform((ulong)i));
        }

        float[] y = new float[x.Length];
        run(x, y, SimdWidth.Lanes);
        for (int i = 0; i < x.Length; i++)
        {
            double distance = UlpDistance.Of(y[i], exact(x[i]));
            Assert.True(distance <= ulps, $"{name}({x[i]:R}) is {y[i]:R}, {distance:F2} units from {exact(x[i]):R}");
        }
    }

    [Fact]
    public void SiluDerivativeIsAccurate()
    {
        float[] x = Draws.Normal(100_000, 1, scale: 5);
        float[] y = new float[x.Length];
        Elementary.SiluDerivative(x, y);
        for (int i = 0; i < x.Length; i++)
        {
            double s = Sigmoid(x[i]);

            // 1 - s is rounded to 2^-24 where s is near 1, and multiplied by x.
            double bound = (Math.Abs(x[i]) + 4) * 6e-8;
            Assert.InRange(y[i] - s * (1 + x[i] * (1 - s)), -bound, bound);
        }
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void EveryWidthGivesTheSameBitsAtEveryLengthAndStaysInside(int number)
    {
        var (name, run, _, _, low, high) = Functions[number];
        CounterRandom random = new(6, (ulong)number);
        for (int length = 0; length <= 257; length++)
        {
            float[] x = new float[length];
            for (int i = 0; i < length; i++)
            {
                x[i] = (float)(low + (high - low) * random.Uniform((ulong)(length * 300 + i)));
            }

            using GuardedMemory source = GuardedMemory.Of(x);
            using GuardedMemory target = new(length);
            float[] expected = new float[length];
            run(x, expected, 1);
            foreach (int lanes in Widths)
            {
                target.Span.Clear();
                run(source.Span, target.Span, lanes);
                Draws.AssertSameBits(expected, target.Span, $"{name}, length {length}, {lanes} lanes");
            }

            // In place.
            run(source.Span, source.Span, SimdWidth.Lanes);
            Draws.AssertSameBits(expected, source.Span, $"{name} in place, length {length}");
        }
    }

    [Fact]
    public void SpecialValuesOfExp()
    {
        AssertValues(
            Elementary.Map<Elementary.ExpFunction>,
            [
                float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0, -0f, 1e-45f, -1e-40f,
                88.72283f, 88.73f, 1e30f, -104.1f, -1e30f, -103f,
            ],
            [
                float.NaN, float.PositiveInfinity, 0, 1, 1, 1, 1,
                3.4027985e38f, float.PositiveInfinity, float.PositiveInfinity, 0, 0, 1e-45f,
            ]);
    }

    [Fact]
    public void SpecialValuesOfLog()
    {
        AssertValues(
            Elementary.Map<Elementary.LogFunction>,
            [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0, -0f, -1, -1e-45f, 1, float.Epsilon, 1e-40f, float.MaxValue],
            [
                float.NaN, float.PositiveInfinity, float.NaN, float.NegativeInfinity, float.NegativeInfinity, float.NaN, float.NaN,
                0, -103.27893f, -92.1034f, 88.72284f,
            ]);
    }

    [Fact]
    public void SpecialValuesOfTanh()
    {
        AssertValues(
            Elementary.Map<Elementary.TanhFunction>,
            [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0, -0f, 1e-45f, -1e-40f, 50, -50],
            [float.NaN, 1, -1, 0, -0f, 1e-45f, -1e-40f, 1, -1]);
    }

    [Fact]
    public void SpecialValuesOfSigmoid()
    {
        AssertValues(
            Elementary.Map<Elementary.SigmoidFunction>,
            [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0, -0f, 1e-45f, 100, -200],
            [float.NaN, 1, 0, 0.5f, 0.5f, 0.5f, 1, 0]);
    }

    [Fact]
    public void SpecialValuesOfReciprocalSqrt()
    {
        AssertValues(
            Elementary.Map<Elementary.ReciprocalSqrtFunction>,
            [float.NaN, float.PositiveInfinity, -1, 0, 4, float.Epsilon],
            [float.NaN, 0, float.NaN, float.PositiveInfinity, 0.5f, 2.6713738e22f]);
    }

    [Fact]
    public void RefusesDifferentLengths() =>
        Assert.Throws<ArgumentException>(() => Elementary.Exp(new float[3], new float[4]));

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static void AssertValues(SpanFunction run, float[] x, float[] expected)
    {
        // Repeated, so that each value meets whole registers and the tail.
        foreach (int lanes in Widths)
        {
            for (int i = 0; i < x.Length; i++)
            {
                float[] same = new float[17];
                same.AsSpan().Fill(x[i]);
                run(same, same, lanes);
                foreach (float y in same)
                {
                    Assert.True(UlpDistance.Of(y, expected[i]) <= 1.1, $"{x[i]:R} gives {y:R}, expected {expected[i]:R} ({lanes} lanes)");
                    Assert.True(y != 0 || float.IsNegative(y) == float.IsNegative(expected[i]), $"sign of the zero for {x[i]:R}");
                }
            }
        }
    }
}
