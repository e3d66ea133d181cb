using Residuum.Numerics;

namespace Residuum.Tests.Numerics;

/// <summary>Every operation of the wide registers against the one-lane register, special values included.</summary>
public sealed class LanesTests
{
    private static readonly float[] Specials =
    [
        0, -0f, 1, -1, 0.5f, 3, float.Epsilon, -float.Epsilon, 1e-40f, 1.17549435e-38f, float.MaxValue, float.MinValue,
        float.PositiveInfinity, float.NegativeInfinity, float.NaN, 1e-20f, 16777217, 0.1f, -0.3f, 1e20f,
    ];

    [Fact]
    public void EveryOperationGivesTheSameBitsAtEveryWidth()
    {
        int count = Specials.Length;
        float[] a = new float[count * count * count];
        float[] b = new float[a.Length];
        float[] c = new float[a.Length];
        for (int i = 0; i < a.Length; i++)
        {
            a[i] = Specials[i % count];
            b[i] = Specials[i / count % count];
            c[i] = Specials[i / count / count];
        }

        for (int operation = 0; operation < OperationKernel.Count; operation++)
        {
            float[] expected = new float[a.Length];
            OperationKernel oracle = new(a, b, c, expected, operation);
            LaneLoop.Run(ref oracle, a.Length, 1);
            foreach (int lanes in (int[])[16, 8])
            {
                float[] actual = new float[a.Length];
                OperationKernel kernel = new(a, b, c, actual, operation);
                LaneLoop.Run(ref kernel, a.Length, lanes);
                for (int i = 0; i < a.Length; i++)
                {
                    bool same = BitConverter.SingleToInt32Bits(expected[i]) == BitConverter.SingleToInt32Bits(actual[i])
                        || (operation < OperationKernel.FirstOfBits && float.IsNaN(expected[i]) && float.IsNaN(actual[i]));
                    Assert.True(
                        same, $"operation {operation} of {a[i]:R}, {b[i]:R}, {c[i]:R}: {actual[i]:R}, expected {expected[i]:R} ({lanes} lanes)");
                }
            }
        }
    }

    [Fact]
    public void BytesGoInAndOutAtEveryWidth()
    {
        byte[] bytes = [.. Enumerable.Range(0, 256).Select(i => (byte)(i * 37)), 1, 2, 3];
        foreach (int lanes in (int[])[16, 8, 1])
        {
            byte[] copied = new byte[bytes.Length];
            float[] numbers = new float[bytes.Length];
            BytesKernel kernel = new(bytes, numbers, copied);
            LaneLoop.Run(ref kernel, bytes.Length, lanes);
            Assert.Equal(bytes.Select(x => (float)x), numbers);
            Assert.Equal(bytes, copied);
        }
    }

    [Fact]
    public void LoopsOfAnyLengthEndAtTheGuardPage()
    {
        for (int length = 0; length <= 257; length++)
        {
            float[] values = Draws.Normal(length, 3);
            using GuardedMemory a = GuardedMemory.Of(values);
            using GuardedMemory target = new(length);
            foreach (int lanes in (int[])[16, 8, 1])
            {
                target.Span.Clear();
                OperationKernel kernel = new(a.Span, a.Span, a.Span, target.Span, 0);
                LaneLoop.Run(ref kernel, length, lanes);
                for (int i = 0; i < length; i++)
                {
                    Assert.Equal(values[i] + values[i], target.Span[i]);
                }
            }
        }
    }

    private readonly ref struct OperationKernel(
        ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> c, Span<float> target, int operation) : ILaneKernel
    {
        /// <summary>Operations below this number compute, so that all not-a-numbers are the same result.</summary>
        public const int FirstOfBits = 9;
        public const int Count = 22;

        private readonly ReadOnlySpan<float> _a = a;
        private readonly ReadOnlySpan<float> _b = b;
        private readonly ReadOnlySpan<float> _c = c;
        private readonly Span<float> _target = target;

        public nuint Run<TLanes>(nuint start, nuint end)
            where TLanes : struct, ILanes<TLanes>
        {
            for (; start + TLanes.Width <= end; start += TLanes.Width)
            {
                TLanes a = TLanes.Load(in _a[0], start);
                TLanes b = TLanes.Load(in _b[0], start);
                TLanes c = TLanes.Load(in _c[0], start);
                TLanes result = operation switch
                {
                    0 => a + b,
                    1 => a - b,
                    2 => a * b,
                    3 => a / b,
                    4 => TLanes.Fma(a, b, c),
                    5 => TLanes.Sqrt(a),
                    6 => TLanes.Min(a, b),
                    7 => TLanes.Max(a, b),
                    8 => TLanes.Abs(a),
                    9 => TLanes.GreaterThan(a, b),
                    10 => TLanes.EqualTo(a, b),
                    11 => TLanes.Select(TLanes.GreaterThan(a, b), b, c),
                    12 => TLanes.AndBits(a, b),
                    13 => TLanes.OrBits(a, b),
                    14 => TLanes.AddBits(a, b),
                    15 => TLanes.ShiftBitsLeft(a, 23),
                    16 => TLanes.ShiftBitsRight(a, 23),
                    17 => TLanes.AddBits(TLanes.AllBits(0x3F800000), a),
                    18 => TLanes.FromInteger(a),
                    19 => TLanes.MinHalves(a, b),
                    20 => TLanes.ToInteger(TLanes.Max(TLanes.Min(a, TLanes.All(1e9f)), TLanes.All(-1e9f))),
                    _ => TLanes.Lookup(in _b[0], TLanes.ShiftBitsRight(a, 20)),
                };
                result.Store(ref _target[0], start);
            }

            return start;
        }
    }

    /// <summary>Numbers from bytes, and bytes from numbers with a fraction.</summary>
    private readonly ref struct BytesKernel(ReadOnlySpan<byte> bytes, Span<float> numbers, Span<byte> copied) : ILaneKernel
    {
        private readonly ReadOnlySpan<byte> _bytes = bytes;
        private readonly Span<float> _numbers = numbers;
        private readonly Span<byte> _copied = copied;

        public nuint Run<TLanes>(nuint start, nuint end)
            where TLanes : struct, ILanes<TLanes>
        {
            for (; start + TLanes.Width <= end; start += TLanes.Width)
            {
                TLanes x = TLanes.LoadBytes(in _bytes[0], start);
                x.Store(ref _numbers[0], start);
                TLanes.ToInteger(x + TLanes.All(512.75f)).StoreLowBytes(ref _copied[0], start);
            }

            return start;
        }
    }
}
