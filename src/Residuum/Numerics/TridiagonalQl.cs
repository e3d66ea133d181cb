namespace Residuum.Numerics;

/// <summary>
/// The eigenvalues of a symmetric tridiagonal matrix by implicit QL with Wilkinson's shift, and the rotations that make its vectors.
/// </summary>
internal static class TridiagonalQl
{
    // One eigenvalue takes fewer than two iterations on average; nothing but a defect takes this many.
    private const int LargestIterations = 100;
    private const double Epsilon = 2.220446049250313e-16;

    /// <summary>The bytes of scratch for n rows.</summary>
    public static long ScratchBytes(int size) => RotationBatch.ScratchBytes(size);

    /// <summary>Diagonalises T.</summary>
    /// <param name="diagonal">T's diagonal; on return its eigenvalues, in no order.</param>
    /// <param name="offDiagonal">T's elements (i, i + 1) at i, the last 0; used up.</param>
    /// <param name="rows">
    /// Q^T, whose rows are rotated: on return row j is the eigenvector j of Q T Q^T. None where only values are wanted.
    /// </param>
    /// <param name="scratch">At least <see cref="ScratchBytes"/>.</param>
    public static void Diagonalize(Span<double> diagonal, Span<double> offDiagonal, Span<double> rows, ScratchArea scratch)
    {
        int size = diagonal.Length;
        RotationBatch rotations = new(rows, size, scratch);

        // An element off the diagonal that is a rounding error of the whole matrix, or of its two neighbours, counts as 0.
        double negligible = Epsilon * Math.Max(DoubleKernels.LargestMagnitude(diagonal), DoubleKernels.LargestMagnitude(offDiagonal));
        for (int first = 0; first < size; first++)
        {
            for (int iteration = 0; ; iteration++)
            {
                int last = first;
                while (last + 1 < size && Math.Abs(offDiagonal[last]) > negligible)
                {
                    last++;
                }

                if (last == first)
                {
                    break;
                }

                if (iteration == LargestIterations)
                {
                    throw new ArithmeticException($"The eigenvalue {first} of {size} took more than {LargestIterations} iterations.");
                }

                offDiagonal[last] = 0;
                Sweep(diagonal, offDiagonal, first, last, ref rotations);
            }
        }

        rotations.Apply();
    }

    /// <summary>One QL step on the unreduced block first..last: a bulge chased from its end to its beginning.</summary>
    private static void Sweep(Span<double> d, Span<double> e, int first, int last, ref RotationBatch rotations)
    {
        rotations.Begin(last);
        double g = (d[first + 1] - d[first]) / (2 * e[first]);
        g = d[last] - d[first] + e[first] / (g + Math.CopySign(Length(g, 1), g));
        double sine = 1;
        double cosine = 1;
        double shift = 0;
        for (int i = last - 1; i >= first; i--)
        {
            double f = sine * e[i];
            double b = cosine * e[i];
            double r = Length(f, g);
            e[i + 1] = r;
            if (r == 0)
            {
                // The bulge vanished: the block falls apart here.
                d[i + 1] -= shift;
                e[last] = 0;
                return;
            }

            sine = f / r;
            cosine = g / r;
            g = d[i + 1] - shift;
            r = (d[i] - g) * sine + 2 * cosine * b;
            shift = sine * r;
            d[i + 1] = g + shift;
            g = cosine * r - b;
            rotations.Add(cosine, sine);
        }

        d[first] -= shift;
        e[first] = g;
        e[last] = 0;
    }

    private static double Length(double x, double y)
    {
        double large = Math.Max(Math.Abs(x), Math.Abs(y));
        double small = Math.Min(Math.Abs(x), Math.Abs(y));
        if (large == 0)
        {
            return 0;
        }

        double ratio = small / large;
        return large * Math.Sqrt(1 + ratio * ratio);
    }
}
