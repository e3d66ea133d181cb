using Residuum.Numerics;

namespace Residuum.Preconditioning;

/// <summary>The inverse root of the AdaGrad matrix of a window of gradients (methods page of EFCP, 7.2).</summary>
/// <remarks>
/// With the rows of G scaled by beta2 to their age and <c>G G^T + delta I = V diag(S^2) V^T</c>:
/// <code>
/// [(G^T G)^1/2 + epsilon I]^-1 g_s = G^T w,               w = V diag(h) V^T e_s
///     h = (1 - delta / S^2) (1 / (S + epsilon) - 1 / epsilon) + 1 / epsilon
/// [(G^T G)^1/2 + epsilon I]^-1 x   = x / epsilon + G^T c,  c = V diag(f) V^T (G x)
///     f = (1 / (S + epsilon) - 1 / epsilon) / S^2
/// </code>
/// The first form has no difference of large vectors. Neither needs a matrix of the size of the window. An eigendecomposition a step, about
/// 9 m^3.
/// </remarks>
internal sealed class AdaGradWindow
{
    // With delta = 0, eigenvalues so much smaller than the largest are rounding (page, 7.2).
    private const double Negligible = 1e-13;

    private readonly WindowGram _gram;
    private readonly double _jitter;
    private readonly Scratch _scratch;

    /// <summary>Makes a preconditioner of a window.</summary>
    /// <param name="gram">K and the ring.</param>
    /// <param name="jitter">delta, at least 0.</param>
    public AdaGradWindow(WindowGram gram, double jitter)
    {
        _gram = gram;
        _jitter = jitter;
        _scratch = new Scratch(1, ScratchBytes(gram.Window));
    }

    /// <summary>The bytes of scratch.</summary>
    public static long ScratchBytes(int window) =>
        ScratchArea.BytesOf<double>((long)window * window)
        + (2 * ScratchArea.BytesOf<double>(window))
        + SymmetricEigen.ScratchBytes(window);

    /// <summary>The weights of the unscaled rows that make <c>G^T w</c>, after K has the row of the newest gradient.</summary>
    /// <param name="epsilon">Greater than 0.</param>
    /// <param name="beta2">In (0, 1].</param>
    /// <param name="weights">One per filled row.</param>
    public void Weigh(double epsilon, double beta2, Span<double> weights)
    {
        Decompose(beta2, out ReadOnlySpan<double> vectors, out ReadOnlySpan<double> values, out ReadOnlySpan<double> scales);
        weights.Clear();
        for (int j = 0; j < values.Length; j++)
        {
            double square = Math.Max(values[j], _jitter);
            double root = Math.Sqrt(square);
            double h = _jitter == 0
                ? 1 / (root + epsilon)
                : ((1 - (_jitter / square)) * ((1 / (root + epsilon)) - (1 / epsilon))) + (1 / epsilon);
            ReadOnlySpan<double> v = vectors.Slice(j * values.Length, values.Length);
            DoubleKernels.AddScaled(h * v[_gram.Slot], v, weights);
        }

        Scale(weights, scales);
    }

    /// <summary>The weights of the unscaled rows that make <c>G^T c</c> for a vector x.</summary>
    /// <param name="epsilon">Greater than 0.</param>
    /// <param name="beta2">In (0, 1].</param>
    /// <param name="products">The scalar products of x with the unscaled rows; used up.</param>
    /// <param name="weights">One per filled row.</param>
    public void Weigh(double epsilon, double beta2, Span<double> products, Span<double> weights)
    {
        Decompose(beta2, out ReadOnlySpan<double> vectors, out ReadOnlySpan<double> values, out ReadOnlySpan<double> scales);
        Scale(products, scales);
        weights.Clear();
        for (int j = 0; j < values.Length; j++)
        {
            double square = Math.Max(values[j], _jitter);
            if (_jitter == 0 && square <= Negligible * values[0])
            {
                continue;
            }

            double f = ((1 / (Math.Sqrt(square) + epsilon)) - (1 / epsilon)) / square;
            ReadOnlySpan<double> v = vectors.Slice(j * values.Length, values.Length);
            DoubleKernels.AddScaled(f * DoubleKernels.Dot(v, products), v, weights);
        }

        Scale(weights, scales);
    }

    private static void Scale(Span<double> x, ReadOnlySpan<double> scales)
    {
        for (int row = 0; row < x.Length; row++)
        {
            x[row] *= scales[row];
        }
    }

    // Eigenvectors as rows; eigenvalues falling; beta2 to the age of each row.
    private void Decompose(double beta2, out ReadOnlySpan<double> vectors, out ReadOnlySpan<double> values, out ReadOnlySpan<double> scales)
    {
        int filled = _gram.Filled;
        ScratchArea area = _scratch.Area(0);
        Span<double> matrix = area.Take<double>(filled * filled);
        Span<double> spectrum = area.Take<double>(filled);
        Span<double> powers = area.Take<double>(filled);
        for (int row = 0; row < filled; row++)
        {
            powers[row] = Math.Pow(beta2, _gram.Age(row));
        }

        for (int row = 0; row < filled; row++)
        {
            ReadOnlySpan<double> products = _gram.Row(row);
            for (int column = 0; column < filled; column++)
            {
                matrix[(row * filled) + column] = powers[row] * powers[column] * products[column];
            }

            matrix[(row * filled) + row] += _jitter;
        }

        SymmetricEigen.Decompose(matrix, spectrum, area);
        vectors = matrix;
        values = spectrum;
        scales = powers;
    }
}
