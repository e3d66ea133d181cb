using Residuum.Numerics;

namespace Residuum.Preconditioning;

/// <summary>The dense second moment of an axis: <c>C = decay C + weight Y Y^T</c>, in float32; products are in double.</summary>
/// <param name="length">d, the length of the axis.</param>
internal sealed class SecondMoment(int length)
{
    /// <summary>C, symmetric, d * d elements.</summary>
    public float[] Values { get; } = new float[length * length];

    /// <summary>The bytes of scratch that taking in a Y needs, however many columns it has.</summary>
    public static long ScratchBytes(int length) => ScratchArea.BytesOf<double>((long)length * length)
        + ScratchArea.BytesOf<double>((long)SymmetricProduct.PanelRows * SymmetricProduct.Stride(length));

    /// <summary>Takes in <c>Y Y^T</c>. The scratch then begins with C as it is before rounding, its lower triangle.</summary>
    public void Add(Unfolding y, double decay, double weight, ScratchArea scratch)
    {
        int stride = SymmetricProduct.Stride(length);
        Span<double> gram = scratch.Take<double>(length * length);
        Span<double> panel = scratch.Take<double>(SymmetricProduct.PanelRows * stride);
        gram.Clear();
        panel.Clear();
        for (int start = 0; start < y.Columns; start += SymmetricProduct.PanelRows)
        {
            int columns = Math.Min(SymmetricProduct.PanelRows, y.Columns - start);
            for (int i = 0; i < columns; i++)
            {
                y.CopyColumn(start + i, 0, 1, panel.Slice(i * stride, length));
            }

            SymmetricProduct.Add(panel, columns, length, gram);
        }

        for (int i = 0; i < length; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                ref double sum = ref gram[i * length + j];
                sum = (decay * Values[i * length + j]) + (weight * sum);
                Values[i * length + j] = (float)sum;
                Values[j * length + i] = (float)sum;
            }
        }
    }

    /// <summary>Copies C, divided by a number, for a decomposition.</summary>
    public void CopyTo(Span<double> matrix, double divisor)
    {
        for (int i = 0; i < Values.Length; i++)
        {
            matrix[i] = Values[i] / divisor;
        }
    }
}
