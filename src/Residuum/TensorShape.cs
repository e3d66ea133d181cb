using System.Globalization;
using System.Text;

namespace Residuum;

/// <summary>Shapes as text and as element counts.</summary>
public static class TensorShape
{
    /// <summary>The product of the dimensions; 1 for a scalar.</summary>
    /// <param name="shape">The dimensions.</param>
    /// <param name="name">The tensor's name, for the message.</param>
    /// <exception cref="ArgumentException">A dimension is negative, or the tensor has more than 2^31 - 1 entries.</exception>
    public static int ElementCount(ReadOnlySpan<int> shape, string name)
    {
        long count = 1;
        foreach (int dimension in shape)
        {
            if (dimension < 0)
            {
                throw new ArgumentException($"Tensor '{name}' has shape {Format(shape)}; dimensions must not be negative.", nameof(shape));
            }

            // Beyond the limit only a dimension of 0 makes a difference.
            count = Math.Min(count, int.MaxValue + 1L) * dimension;
        }

        return count <= int.MaxValue
            ? (int)count
            : throw new ArgumentException($"Tensor '{name}' of shape {Format(shape)} has more than {int.MaxValue} entries.", nameof(shape));
    }

    /// <summary>The shape as text, for example <c>[3,4]</c>.</summary>
    /// <param name="shape">The dimensions.</param>
    public static string Format(ReadOnlySpan<int> shape)
    {
        StringBuilder text = new("[");
        for (int i = 0; i < shape.Length; i++)
        {
            text.Append(i == 0 ? "" : ",").Append(shape[i].ToString(CultureInfo.InvariantCulture));
        }

        return text.Append(']').ToString();
    }
}
