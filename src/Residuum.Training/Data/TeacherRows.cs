using Residuum.Numerics;

namespace Residuum.Training.Data;

/// <summary>Random inputs, labelled by a fixed random network: the class of x is the largest of T2 tanh(2 T1 x).</summary>
/// <remarks>
/// x has 64 standard normal numbers, T1 is 32 x 64 with deviation 1/sqrt(64), T2 is 10 x 32 with deviation 1/sqrt(32). The same rows in
/// every run: they depend on no seed.
/// </remarks>
internal sealed class TeacherRows
{
    private const int Hidden = 32;

    private readonly ReadOnlyMemory<float> _features;
    private readonly ReadOnlyMemory<int> _labels;

    private TeacherRows(ReadOnlyMemory<float> features, ReadOnlyMemory<int> labels)
    {
        _features = features;
        _labels = labels;
    }

    /// <summary>How many classes.</summary>
    public static int Classes => 10;

    /// <summary>Features of a row.</summary>
    public static int Inputs => 64;

    /// <summary>How many rows.</summary>
    public int Count => _labels.Length;

    /// <summary>Makes the first rows.</summary>
    /// <param name="count">How many.</param>
    public static TeacherRows Make(int count)
    {
        double[] first = Normals(Hidden * Inputs, stream: 0, 1 / Math.Sqrt(Inputs));
        double[] second = Normals(Classes * Hidden, stream: 1, 1 / Math.Sqrt(Hidden));
        float[] features = [.. Normals(count * Inputs, stream: 2, 1).Select(x => (float)x)];
        int[] labels = new int[count];
        double[] hidden = new double[Hidden];
        for (int row = 0; row < count; row++)
        {
            ReadOnlySpan<float> x = features.AsSpan(row * Inputs, Inputs);
            for (int h = 0; h < Hidden; h++)
            {
                double sum = 0;
                for (int i = 0; i < Inputs; i++)
                {
                    sum += first[(h * Inputs) + i] * x[i];
                }

                hidden[h] = Math.Tanh(2 * sum);
            }

            labels[row] = LargestOf(second, hidden);
        }

        return new TeacherRows(features, labels);
    }

    /// <summary>A range of the rows; it shares this set's memory.</summary>
    /// <param name="start">The first row, from 0.</param>
    /// <param name="count">How many.</param>
    public TeacherRows Slice(int start, int count) => new(_features.Slice(start * Inputs, count * Inputs), _labels.Slice(start, count));

    /// <summary>Copies chosen rows and their labels.</summary>
    /// <param name="rows">Which rows, each from 0 to <see cref="Count"/> - 1.</param>
    /// <param name="features">rows.Length x <see cref="Inputs"/> values, row by row.</param>
    /// <param name="labels">rows.Length labels.</param>
    public void CopyBatch(ReadOnlySpan<int> rows, Span<float> features, Span<int> labels)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            _features.Span.Slice(rows[i] * Inputs, Inputs).CopyTo(features[(i * Inputs)..]);
            labels[i] = _labels.Span[rows[i]];
        }
    }

    private static int LargestOf(double[] second, double[] hidden)
    {
        int largest = 0;
        double most = double.NegativeInfinity;
        for (int c = 0; c < Classes; c++)
        {
            double sum = 0;
            for (int h = 0; h < Hidden; h++)
            {
                sum += second[(c * Hidden) + h] * hidden[h];
            }

            if (sum > most)
            {
                (largest, most) = (c, sum);
            }
        }

        return largest;
    }

    private static double[] Normals(int count, ulong stream, double deviation)
    {
        CounterRandom random = new(seed: 0, DataStreams.Teacher + stream);
        double[] numbers = new double[count];
        for (int i = 0; i < count; i++)
        {
            numbers[i] = deviation * random.Normal((ulong)i);
        }

        return numbers;
    }
}
