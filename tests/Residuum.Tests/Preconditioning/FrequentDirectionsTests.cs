using Residuum.Numerics;
using Residuum.Preconditioning;

namespace Residuum.Tests.Preconditioning;

/// <summary>
/// What Frequent Directions promise, on random streams: the covariance lies between the sketch and the sketch plus the escaped mass.
/// </summary>
public sealed class FrequentDirectionsTests
{
    // State is float32: a bound may be missed by its rounding, relative to the largest eigenvalue.
    private const double Slack = 1e-5;

    [Fact]
    public void The_covariance_lies_between_the_sketch_and_the_sketch_plus_the_escaped_mass()
    {
        for (int stream = 0; stream < 1000; stream++)
        {
            Stream(stream, out int d, out int k, out double decay, out double tailDecay, out double weight);
            (FrequentDirections sketch, double[] covariance) = Run((ulong)stream, d, k, columnsAtMost: 4, decay, tailDecay, weight);
            double[] difference = (double[])covariance.Clone();
            SubtractSketch(difference, sketch);
            double[] values = Eigenvalues(difference, d);
            double norm = Eigenvalues(covariance, d)[0];
            Assert.True(values[^1] >= -Slack * norm, $"stream {stream}: the sketch is {-values[^1] / norm:E1} of the norm too large");
            double rho = sketch.EscapedMass[0];
            Assert.True(values[0] <= rho + (Slack * norm), $"stream {stream}: the escaped mass is {(values[0] - rho) / norm:E1} of the norm too small");
        }
    }

    /// <summary>
    /// Lemma 1: with l = k + 1 the escaped mass is at most (sum of the eigenvalues after the j-th) / (l - j), for every j below l.
    /// </summary>
    [Fact]
    public void The_escaped_mass_is_bounded_by_the_tail_of_the_spectrum()
    {
        for (int stream = 0; stream < 300; stream++)
        {
            Stream(stream, out int d, out int k, out _, out _, out double weight);
            (FrequentDirections sketch, double[] covariance) = Run((ulong)stream, d, k, columnsAtMost: 1, decay: 1, tailDecay: 1, weight);
            double[] values = Eigenvalues(covariance, d);
            for (int j = 0; j < Math.Min(k + 1, d); j++)
            {
                double bound = values.Skip(j).Sum() / (k + 1 - j);
                Assert.True(sketch.EscapedMass[0] <= bound + (Slack * values[0]), $"stream {stream}, j = {j}: {sketch.EscapedMass[0]} > {bound}");
            }
        }
    }

    [Fact]
    public void Directions_are_orthonormal_or_zero_and_singular_values_descend()
    {
        for (int stream = 0; stream < 100; stream++)
        {
            Stream(stream, out int d, out int k, out double decay, out double tailDecay, out double weight);
            (FrequentDirections sketch, _) = Run((ulong)stream, d, k, columnsAtMost: 4, decay, tailDecay, weight);
            for (int i = 0; i < sketch.Rank; i++)
            {
                Assert.True(i == 0 || sketch.SingularValues[i] <= sketch.SingularValues[i - 1]);
                for (int j = 0; j <= i; j++)
                {
                    double inner = DoubleKernels.Dot(sketch.Directions.AsSpan(i * d, d), sketch.Directions.AsSpan(j * d, d));
                    Assert.Equal(i == j && sketch.SingularValues[i] > 0 ? 1 : 0, inner, 1e-4);
                }
            }
        }
    }

    /// <summary>The laws hold where the directions are found by iteration, and the sketch is near that of the full decomposition.</summary>
    [Fact]
    public void A_long_axis_keeps_the_laws()
    {
        const int d = 512;
        const int k = 8;
        FrequentDirections sketch = new(d, k);
        double[] covariance = new double[d * d];
        for (int step = 0; step < 3; step++)
        {
            float[] x = new float[d * (d + 1)];
            CounterRandom random = new(13, (ulong)step);
            for (int i = 0; i < x.Length; i++)
            {
                x[i] = (float)(random.Normal((ulong)i) / (1 + (i / (d + 1))));
            }

            Update(sketch, x, d + 1, new SketchDecay(0.9, 0.9, 1, 1e-5));
            for (int i = 0; i < d; i++)
            {
                for (int j = 0; j < d; j++)
                {
                    double product = DoubleKernels.Dot(x.AsSpan(i * (d + 1), d + 1), x.AsSpan(j * (d + 1), d + 1));
                    covariance[(i * d) + j] = (0.9 * covariance[(i * d) + j]) + product;
                }
            }
        }

        double[] exact = Eigenvalues(covariance, d);
        SubtractSketch(covariance, sketch);
        double[] values = Eigenvalues(covariance, d);
        Assert.True(values[^1] >= -1e-3 * exact[0], $"the sketch is {-values[^1] / exact[0]:E1} of the norm too large");
        Assert.True(values[0] <= sketch.EscapedMass[0] + (1e-3 * exact[0]), $"{values[0]} > {sketch.EscapedMass[0]}");
        Assert.InRange(sketch.EscapedMass[0], 0, 1.5 * 2.71 * exact[k]);
    }

    [Fact]
    public void Enough_directions_lose_nothing()
    {
        (FrequentDirections sketch, double[] covariance) = Run(stream: 5, d: 7, k: 9, columnsAtMost: 3, decay: 0.9, tailDecay: 0.9, weight: 2);
        Assert.Equal(7, sketch.Rank);
        Assert.Equal(0, sketch.EscapedMass[0]);
        double norm = Eigenvalues(covariance, 7)[0];
        SubtractSketch(covariance, sketch);
        Assert.All(covariance, element => Assert.Equal(0, element / norm, 1e-6));
    }

    [Fact]
    public void A_gradient_of_zeros_changes_nothing_but_decays()
    {
        (FrequentDirections sketch, _) = Run(stream: 3, d: 12, k: 4, columnsAtMost: 1, decay: 1, tailDecay: 1, weight: 1);
        float[] singularValues = [.. sketch.SingularValues];
        float mass = sketch.EscapedMass[0];
        Update(sketch, new float[12], 1, new SketchDecay(0.25, 0.25, 1, 1e-5));
        Assert.All(singularValues.Zip(sketch.SingularValues), pair => Assert.Equal(pair.First / 2, pair.Second, 1e-5 * singularValues[0]));
        Assert.Equal(mass / 4, sketch.EscapedMass[0], 1e-5 * mass);
    }

    [Fact]
    public void What_is_not_finite_leaves_the_sketch_as_it_is()
    {
        (FrequentDirections sketch, _) = Run(stream: 3, d: 12, k: 4, columnsAtMost: 1, decay: 1, tailDecay: 1, weight: 1);
        float[] directions = [.. sketch.Directions];
        float[] singularValues = [.. sketch.SingularValues];
        float[] x = new float[12];
        x[3] = float.NaN;
        Update(sketch, x, 1, new SketchDecay(1, 1, 1, 1e-5));
        Assert.Equal(directions, sketch.Directions);
        Assert.Equal(singularValues, sketch.SingularValues);
    }

    private static void Stream(int stream, out int d, out int k, out double decay, out double tailDecay, out double weight)
    {
        CounterRandom random = new(11, (ulong)stream);
        d = 2 + (int)(random.Uniform(0) * 14);
        k = 1 + (int)(random.Uniform(1) * (d - 1));
        decay = random.Uniform(2) < 0.5 ? 1 : 0.8 + (0.2 * random.Uniform(3));
        tailDecay = random.Uniform(4) < 0.5 ? decay : Math.Sqrt(decay);
        weight = random.Uniform(5) < 0.5 ? 1 : 0.1;
    }

    /// <summary>A sketch after a stream of gradients with a decaying spectrum, and the covariance of the same.</summary>
    private static (FrequentDirections Sketch, double[] Covariance) Run(
        ulong stream, int d, int k, int columnsAtMost, double decay, double tailDecay, double weight)
    {
        FrequentDirections sketch = new(d, k);
        double[] covariance = new double[d * d];
        CounterRandom random = new(12, stream);
        for (int step = 0; step < 3 * d; step++)
        {
            int columns = 1 + (step % columnsAtMost);
            float[] x = new float[d * columns];
            for (int i = 0; i < x.Length; i++)
            {
                x[i] = (float)(random.Normal((ulong)((step * 1000) + i)) * Math.Pow(0.7, i / columns));
            }

            Update(sketch, x, columns, new SketchDecay(decay, tailDecay, weight, 1e-5));
            for (int i = 0; i < covariance.Length; i++)
            {
                covariance[i] *= decay;
                for (int column = 0; column < columns; column++)
                {
                    covariance[i] += weight * x[(i / d * columns) + column] * x[(i % d * columns) + column];
                }
            }
        }

        return (sketch, covariance);
    }

    private static void Update(FrequentDirections sketch, float[] x, int columns, SketchDecay decay)
    {
        Scratch scratch = new(1, (int)FrequentDirections.ScratchBytes(sketch.Dimension, sketch.Rank, columns));
        scratch.FillWithGarbage();
        sketch.Update(new Unfolding(x, 1, sketch.Dimension, columns), decay, scratch.Area(0));
    }

    private static void SubtractSketch(double[] covariance, FrequentDirections sketch)
    {
        int d = sketch.Dimension;
        for (int k = 0; k < sketch.Rank; k++)
        {
            double squared = (double)sketch.SingularValues[k] * sketch.SingularValues[k];
            for (int i = 0; i < covariance.Length; i++)
            {
                covariance[i] -= squared * sketch.Directions[(k * d) + (i / d)] * sketch.Directions[(k * d) + (i % d)];
            }
        }
    }

    private static double[] Eigenvalues(double[] matrix, int size)
    {
        double[] values = new double[size];
        Scratch scratch = new(1, SymmetricEigen.ScratchBytes(size));
        SymmetricEigen.Decompose((double[])matrix.Clone(), values, scratch.Area(0));
        return values;
    }
}
