using Residuum.Numerics;

namespace Residuum.Tests.Numerics;

public sealed unsafe class MatrixProductTests
{
    private static readonly int[] Widths = [16, 8, 1];

    public static TheoryData<int, int, int> Shapes()
    {
        TheoryData<int, int, int> shapes = [];
        int[] sizes = [1, 2, 5, 6, 7, 8, 9, 15, 16, 17, 31, 32, 33, 47, 48, 65, 97];
        CounterRandom random = new(7, 0);
        HashSet<(int M, int N, int K)> drawn = [];
        for (ulong i = 0; i < 90; i++)
        {
            drawn.Add((
                sizes[random.Below(3 * i, sizes.Length)],
                sizes[random.Below(3 * i + 1, sizes.Length)],
                sizes[random.Below(3 * i + 2, sizes.Length)]));
        }

        foreach ((int m, int n, int k) in drawn)
        {
            shapes.Add(m, n, k);
        }

        shapes.Add(1, 300, 300);
        shapes.Add(300, 1, 300);
        shapes.Add(300, 300, 1);
        shapes.Add(64, 10, 128);
        shapes.Add(16, 144, 784);
        shapes.Add(16, 784, 144);
        shapes.Add(256, 16, 144);
        shapes.Add(128, 256, 784);
        shapes.Add(40, 40, 255);
        shapes.Add(40, 40, 256);
        shapes.Add(40, 40, 257);
        shapes.Add(3, 5, 513);
        shapes.Add(530, 70, 20);
        return shapes;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void AgreesWithTripleLoopAndAllWidthsGiveTheSameBits(int m, int n, int k)
    {
        CounterRandom random = new(11, (ulong)(m * 1000003 + n * 1009 + k));
        for (int variant = 0; variant < 8; variant++)
        {
            bool transposeA = (variant & 1) != 0;
            bool transposeB = (variant & 2) != 0;
            bool transposeC = (variant & 4) != 0;
            ulong draw = 4 * (ulong)variant;
            Problem problem = new(
                Layout(m, k, transposeA, random.Below(draw, 4)),
                Layout(k, n, transposeB, random.Below(draw + 1, 4)),
                Layout(m, n, transposeC, random.Below(draw + 2, 4)),
                alpha: variant % 3 == 0 ? 1 : -0.75f,
                beta: (variant % 4) switch { 0 => 0, 1 => 1, _ => 0.5f });
            float[] first = problem.Multiply(16, WorkSharing.Alone);
            problem.AssertAgrees(first);
            Draws.AssertSameBits(first, problem.Multiply(8, WorkSharing.Alone), "8 lanes");
            Draws.AssertSameBits(first, problem.Multiply(1, WorkSharing.Alone), "1 lane");
        }
    }

    [Theory]
    [InlineData(200, 200, 200)]
    [InlineData(16, 300, 2000)]
    [InlineData(2000, 16, 300)]
    [InlineData(700, 520, 300)]
    [InlineData(9, 4200, 270)]
    [InlineData(4200, 70, 270)]
    [InlineData(70, 4200, 270)]
    public void AnyNumberOfThreadsGivesTheSameBits(int m, int n, int k)
    {
        Problem problem = new(new MatrixLayout(m, k), new MatrixLayout(n, k).Transpose(), new MatrixLayout(m, n), alpha: 0.5f, beta: 1);
        foreach (int lanes in Widths[..2])
        {
            float[] alone = problem.Multiply(lanes, WorkSharing.Alone);
            problem.AssertAgrees(alone, stride: 97);
            Draws.AssertSameBits(alone, problem.Multiply(lanes, new WorkSharing(2)), $"{lanes} lanes, 2 threads");
            Draws.AssertSameBits(alone, problem.Multiply(lanes, new WorkSharing(3)), $"{lanes} lanes, 3 threads");
        }
    }

    [Fact]
    public void BitsOfAnElementDoNotDependOnItsNeighbours()
    {
        const int depth = 600;
        float[] a = Draws.Normal(100 * depth, 1);
        float[] b = Draws.Normal(depth * 90, 2);
        float[] whole = new float[100 * 90];
        MatrixProduct.Multiply(a, new(100, depth), b, new(depth, 90), whole, new(100, 90), WorkSharing.Alone);
        float[] part = new float[3 * 5];
        MatrixProduct.Multiply(
            a.AsSpan(40 * depth), new(3, depth), b.AsSpan(17), new(depth, 5, 90), part, new(3, 5), WorkSharing.Alone);
        for (int i = 0; i < 3; i++)
        {
            Draws.AssertSameBits(whole.AsSpan((40 + i) * 90 + 17, 5), part.AsSpan(i * 5, 5), $"row {i}");
        }
    }

    [Theory]
    [InlineData(3, 4, 20, 24, 8)]
    [InlineData(2, 3, 64, 64, 32)]
    [InlineData(5, 1, 7, 5, 300)]
    [InlineData(1, 2, 260, 300, 230)]
    public void BatchIsTheProductsOneByOne(int outer, int inner, int m, int n, int k)
    {
        // A as heads in [outer, m, inner, k], B as columns of [outer, inner, n, k], C as heads in [outer, m, inner, n].
        BatchLayout aLayout = new(new MatrixLayout(m, k, inner * k), m * inner * k, k);
        BatchLayout bLayout = new(new MatrixLayout(n, k).Transpose(), inner * n * k, n * k);
        BatchLayout cLayout = new(new MatrixLayout(m, n, inner * n), m * inner * n, n);
        float[] a = Draws.Normal(outer * inner * m * k, 3);
        float[] b = Draws.Normal(outer * inner * n * k, 4);
        float[] expected = Draws.Normal(outer * inner * m * n, 5);
        float[] old = (float[])expected.Clone();
        for (int i = 0; i < outer; i++)
        {
            for (int j = 0; j < inner; j++)
            {
                MatrixProduct.Multiply(
                    a.AsSpan(i * m * inner * k + j * k),
                    aLayout.Matrix,
                    b.AsSpan((i * inner + j) * n * k),
                    bLayout.Matrix,
                    expected.AsSpan(i * m * inner * n + j * n),
                    cLayout.Matrix,
                    WorkSharing.Alone,
                    2,
                    1);
            }
        }

        foreach (int threads in (int[])[1, 2, 3])
        {
            foreach (int lanes in Widths)
            {
                float[] c = (float[])old.Clone();
                fixed (float* aStart = a, bStart = b, cStart = c)
                {
                    MatrixBatch batch = new(outer, inner, aStart, aLayout, bStart, bLayout, cStart, cLayout, 2, 1);
                    MatrixProduct.MultiplyBatched(batch, new WorkSharing(threads), lanes);
                }

                Draws.AssertSameBits(expected, c, $"{threads} threads, {lanes} lanes");
            }
        }
    }

    [Fact]
    public void BatchRepeatsAnOperandOfStrideZero()
    {
        float[] a = Draws.Normal(4 * 6 * 5, 1);
        float[] b = Draws.Normal(5 * 3, 2);
        float[] c = new float[4 * 6 * 3];
        float[] expected = new float[4 * 6 * 3];
        MatrixProduct.MultiplyBatched(4, 1, a, new(new(6, 5), 30, 0), b, new(new(5, 3), 0, 0), c, new(new(6, 3), 18, 0), WorkSharing.Alone);
        MatrixProduct.Multiply(a, new(24, 5), b, new(5, 3), expected, new(24, 3), WorkSharing.Alone);
        Draws.AssertSameBits(expected, c, "batch");
    }

    [Fact]
    public void BetaZeroReadsNothingOfTheTarget()
    {
        foreach (int lanes in Widths)
        {
            Problem problem = new(new MatrixLayout(9, 3), new MatrixLayout(3, 35), new MatrixLayout(9, 35), alpha: 1, beta: 0);
            problem.OldC.AsSpan().Fill(float.NaN);
            problem.AssertAgrees(problem.Multiply(lanes, WorkSharing.Alone));
        }
    }

    [Fact]
    public void EmptyInnerDimensionScalesTheTarget()
    {
        float[] c = [1, 2, 3, 4, 5, 6];
        MatrixProduct.Multiply([], new(2, 0), [], new(0, 3), c, new(2, 3), WorkSharing.Alone, beta: 2);
        Assert.Equal([2, 4, 6, 8, 10, 12], c);
        MatrixProduct.Multiply([], new(2, 0), [], new(0, 3), c, new(2, 3), WorkSharing.Alone);
        Assert.Equal(new float[6], c);
        MatrixProduct.Multiply([], new(0, 5), new float[15], new(5, 3), [], new(0, 3), WorkSharing.Alone);
    }

    [Theory]
    [InlineData(17, 33, 20)]
    [InlineData(16, 32, 20)]
    [InlineData(33, 130, 259)]
    [InlineData(70, 10, 20)]
    [InlineData(70, 16, 20)]
    [InlineData(1, 1, 1)]
    public void TouchesNothingBeyondTheOperands(int m, int n, int k)
    {
        foreach (int lanes in Widths)
        {
            for (int variant = 0; variant < 8; variant++)
            {
                Problem problem = new(
                    Layout(m, k, (variant & 1) != 0, gap: 1),
                    Layout(k, n, (variant & 2) != 0, gap: 1),
                    Layout(m, n, (variant & 4) != 0, gap: 1),
                    alpha: 1,
                    beta: 1);
                using GuardedMemory a = GuardedMemory.Of(problem.A);
                using GuardedMemory b = GuardedMemory.Of(problem.B);
                using GuardedMemory c = GuardedMemory.Of(problem.OldC);
                fixed (float* aStart = a.Span, bStart = b.Span, cStart = c.Span)
                {
                    MatrixArguments product = new(aStart, problem.ALayout, bStart, problem.BLayout, cStart, problem.CLayout, 1, 1);
                    MatrixProduct.Multiply(product, WorkSharing.Alone, lanes);
                }

                problem.AssertAgrees(c.Span.ToArray());
            }
        }
    }

    [Fact]
    public void AllocatesNothingAfterTheFirstCall()
    {
        float[] a = Draws.Normal(300 * 300, 1);
        float[] c = new float[300 * 300];
        WorkSharing work = new(2);
        void MultiplyBoth()
        {
            MatrixProduct.Multiply(a, new(300, 300), a, new(300, 300), c, new(300, 300), work);
            MatrixProduct.MultiplyBatched(
                10, 3, a, new(new(10, 30, 90), 2700, 30), a, new(new(30, 10), 2700, 300), c, new(new(10, 10), 300, 100), work);
        }

        for (int i = 0; i < 3; i++)
        {
            MultiplyBoth();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        MultiplyBoth();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void ManyThreadsMultiplyAtOnce()
    {
        Problem problem = new(new MatrixLayout(90, 300), new MatrixLayout(300, 70), new MatrixLayout(90, 70), alpha: 1, beta: 0);
        float[] expected = problem.Multiply(SimdWidth.Lanes, WorkSharing.Alone);
        Thread[] threads = new Thread[6];
        float[][] results = new float[threads.Length][];
        for (int i = 0; i < threads.Length; i++)
        {
            int number = i;
            threads[i] = new Thread(() =>
            {
                WorkSharing work = new(2);
                for (int repeat = 0; repeat < 20; repeat++)
                {
                    results[number] = problem.Multiply(SimdWidth.Lanes, work);
                }
            });
            threads[i].Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        foreach (float[] result in results)
        {
            Draws.AssertSameBits(expected, result, "concurrent product");
        }
    }

    [Fact]
    public void RefusesWrongShapes()
    {
        float[] x = new float[100];
        ArgumentException inner = Assert.Throws<ArgumentException>(
            () => MatrixProduct.Multiply(x, new(3, 4), x, new(5, 6), x, new(3, 6), WorkSharing.Alone));
        Assert.Contains("3 x 4", inner.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => MatrixProduct.Multiply(x, new(3, 4), x, new(4, 6), x, new(3, 5), WorkSharing.Alone));
        ArgumentException tooShort = Assert.Throws<ArgumentException>(
            () => MatrixProduct.Multiply(x, new(20, 6), x, new(6, 2), x, new(20, 2), WorkSharing.Alone));
        Assert.Equal("a", tooShort.ParamName);
        Assert.Throws<ArgumentException>(() => MatrixProduct.Multiply(x, new(3, 4, 3), x, new(4, 6), x, new(3, 6), WorkSharing.Alone));
        Assert.Throws<ArgumentException>(
            () => MatrixProduct.MultiplyBatched(
                5, 1, x, new(new(5, 5), 25, 0), x, new(new(5, 1), 0, 0), x, new(new(5, 1), 5, 0), WorkSharing.Alone));
    }

    private static MatrixLayout Layout(int rows, int columns, bool transposed, int gap) => transposed
        ? new MatrixLayout(columns, rows, rows + gap).Transpose()
        : new MatrixLayout(rows, columns, columns + gap);

    /// <summary>A product with random operands and its exact value.</summary>
    private sealed class Problem(MatrixLayout aLayout, MatrixLayout bLayout, MatrixLayout cLayout, float alpha, float beta)
    {
        public float[] A { get; } = Draws.Normal((int)aLayout.Length, 21);

        public float[] B { get; } = Draws.Normal((int)bLayout.Length, 22);

        public float[] OldC { get; } = Draws.Normal((int)cLayout.Length, 23);

        public MatrixLayout ALayout => aLayout;

        public MatrixLayout BLayout => bLayout;

        public MatrixLayout CLayout => cLayout;

        public float[] Multiply(int lanes, WorkSharing work)
        {
            float[] c = (float[])OldC.Clone();
            fixed (float* aStart = A, bStart = B, cStart = c)
            {
                MatrixProduct.Multiply(new MatrixArguments(aStart, aLayout, bStart, bLayout, cStart, cLayout, alpha, beta), work, lanes);
            }

            return c;
        }

        /// <summary>Compares with a triple loop in double; the bound is that of k roundings, each of the largest partial sum.</summary>
        public void AssertAgrees(float[] c, int stride = 1)
        {
            bool[] isElement = new bool[c.Length];
            int number = 0;
            for (int i = 0; i < cLayout.Rows; i++)
            {
                for (int j = 0; j < cLayout.Columns; j++)
                {
                    int at = At(cLayout, i, j);
                    isElement[at] = true;
                    if (number++ % stride != 0)
                    {
                        continue;
                    }

                    double sum = 0;
                    double magnitude = 0;
                    for (int p = 0; p < aLayout.Columns; p++)
                    {
                        double term = (double)A[At(aLayout, i, p)] * B[At(bLayout, p, j)];
                        sum += term;
                        magnitude += Math.Abs(term);
                    }

                    double expected = alpha * sum + (beta == 0 ? 0 : (double)beta * OldC[at]);
                    double scaled = Math.Abs(alpha) * magnitude + (beta == 0 ? 0 : Math.Abs(beta * (double)OldC[at]));
                    double bound = (Math.Min(aLayout.Columns, 300) + 3) * 6e-8 * scaled;
                    Assert.True(
                        Math.Abs(c[at] - expected) <= bound,
                        $"element ({i}, {j}) is {c[at]:R}, expected {expected:R} within {bound:E2}");
                }
            }

            for (int i = 0; i < c.Length; i++)
            {
                Assert.True(isElement[i] || c[i].Equals(OldC[i]), $"the gap at {i} was written");
            }
        }

        private static int At(MatrixLayout layout, int row, int column) =>
            layout.IsTransposed ? column * layout.Stride + row : row * layout.Stride + column;
    }
}
