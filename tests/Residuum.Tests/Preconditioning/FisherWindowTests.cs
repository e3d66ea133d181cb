using Residuum.Numerics;
using Residuum.Preconditioning;
using Residuum.Tests.Numerics;

namespace Residuum.Tests.Preconditioning;

public sealed class FisherWindowTests
{
    /// <summary>The exchange of a row, over many steps of strongly correlated gradients, against a fresh solution at every step.</summary>
    [Theory]
    [InlineData(1, 40, 1e-2)]
    [InlineData(5, 60, 1e-6)]
    [InlineData(40, 700, 1e-6)]
    public void Weights_are_those_of_a_fresh_solution(int window, int steps, double damping)
    {
        const int Length = 200;
        WindowGram gram = new(window);
        FisherWindow fisher = new(gram, new WorkSharing(2));
        double[][] rows = [.. Enumerable.Range(0, window).Select(_ => new double[Length])];
        for (int step = 0; step < steps; step++)
        {
            gram.Advance();
            rows[gram.Slot] = Gradient(Length, step);
            double[] products = [.. rows.Take(gram.Filled).Select(row => Dot(row, rows[gram.Slot]))];
            gram.Replace(products);
            double lambda = step > steps / 2 ? 10 * damping : damping;
            double[] weights = new double[gram.Filled];
            fisher.Weigh(window, lambda, weights);

            double[] expected = Solve(rows[..gram.Filled], gram.Slot, window * lambda, window);
            double largest = expected.Max(Math.Abs);
            for (int i = 0; i < weights.Length; i++)
            {
                Assert.Equal(expected[i], weights[i], 1e-9 * largest);
            }
        }
    }

    /// <summary>More rows than entries, large beside n lambda: K is all but singular, and the direction is still F^-1 g.</summary>
    [Theory]
    [InlineData(7, 5, 1e-7)]
    [InlineData(17, 6, 1e-6)]
    [InlineData(40, 12, 1e-6)]
    public void Dependent_rows_give_the_direction_of_an_explicit_Fisher_matrix(int window, int length, double damping)
    {
        WindowGram gram = new(window);
        FisherWindow fisher = new(gram, new WorkSharing(2));
        double[][] rows = [.. Enumerable.Range(0, window).Select(_ => new double[length])];
        for (int step = 0; step < 3 * window; step++)
        {
            gram.Advance();
            rows[gram.Slot] = [.. Draws.Normal(length, stream: (ulong)step + 2, scale: 10).Select(x => (double)x)];
            gram.Replace([.. rows.Take(gram.Filled).Select(row => Dot(row, rows[gram.Slot]))]);
            double[] weights = new double[gram.Filled];
            fisher.Weigh(window, damping, weights);

            double[] expected = Direction(rows, gram.Slot, damping);
            double largest = expected.Max(Math.Abs);
            for (int i = 0; i < length; i++)
            {
                Assert.Equal(expected[i], weights.Select((weight, row) => weight * rows[row][i]).Sum(), 1e-5 * largest);
            }
        }
    }

    /// <summary>Equal rows: K is singular, K + n lambda I is not.</summary>
    [Fact]
    public void Equal_rows_share_their_weight()
    {
        WindowGram gram = new(3);
        FisherWindow fisher = new(gram, WorkSharing.Alone);
        double[] weights = new double[3];
        for (int step = 0; step < 7; step++)
        {
            gram.Advance();
            gram.Replace(Enumerable.Repeat(2.0, gram.Filled).ToArray());
            fisher.Weigh(3, 0.1, weights.AsSpan(0, gram.Filled));
            Assert.Equal(3 / ((2.0 * gram.Filled) + 0.3), weights.Take(gram.Filled).Sum(), 1e-12);
        }
    }

    private static double[] Direction(double[][] rows, int slot, double damping)
    {
        int length = rows[slot].Length;
        double[] fisher = new double[length * length];
        for (int i = 0; i < length; i++)
        {
            for (int j = 0; j < length; j++)
            {
                fisher[(i * length) + j] = rows.Sum(row => row[i] * row[j]) / rows.Length;
            }

            fisher[(i * length) + i] += damping;
        }

        double[] direction = [.. rows[slot]];
        Cholesky.Factor(fisher, length, length);
        Cholesky.Solve(fisher, length, length, direction);
        return direction;
    }

    private static double[] Gradient(int length, int step)
    {
        double unit = 1 / Math.Sqrt(length);
        float[] common = Draws.Normal(length, stream: 1, scale: unit);
        float[] own = Draws.Normal(length, stream: (ulong)step + 2, scale: 0.3 * unit);
        return [.. common.Zip(own).Select(pair => (double)pair.First + pair.Second)];
    }

    private static double[] Solve(double[][] rows, int slot, double shift, int count)
    {
        int n = rows.Length;
        double[] matrix = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                matrix[(i * n) + j] = Dot(rows[i], rows[j]) + (i == j ? shift : 0);
            }
        }

        double[] solution = new double[n];
        solution[slot] = count;
        Cholesky.Factor(matrix, n, n);
        Cholesky.Solve(matrix, n, n, solution);
        return solution;
    }

    private static double Dot(double[] x, double[] y) => x.Zip(y).Sum(pair => pair.First * pair.Second);
}
