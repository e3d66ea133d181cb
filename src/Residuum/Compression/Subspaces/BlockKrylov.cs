using System.Runtime.InteropServices;
using Residuum.Numerics;

namespace Residuum.Compression;

/// <summary>Leading singular vectors on the shorter side of a large matrix X, by a restarted block Krylov iteration on X X^T.</summary>
/// <remarks>
/// A round takes a block of p &gt; r orthonormal vectors V, adds X X^T V and (X X^T)^2 V, makes all 3 p orthonormal, and keeps the p
/// leading eigenvectors of X X^T seen in their span (Rayleigh and Ritz). It ends when each of the r leading vectors v with its value z has
/// |X X^T v - z v| at most 1e-5 of the largest value, or after 12 rounds: then neighbouring values lie so close together that their vectors
/// are nearly exchangeable. A round costs about 18 p L S flops for sides L and S. The start is random but always the same for a size.
/// </remarks>
internal sealed class BlockKrylov
{
    private const int BlocksOfRound = 3;
    private const int Rounds = 12;
    private const double Tolerance = 1e-5;

    private readonly float[] _basis;
    private readonly float[] _projected;
    private readonly float[] _ritz;
    private readonly float[] _small;
    private readonly double[] _gram;
    private readonly double[] _values;
    private readonly Scratch _eigen;
    private readonly float[] _reflectors;

    /// <summary>Makes room.</summary>
    public BlockKrylov(Sizes sizes)
    {
        _basis = new float[sizes.Basis];
        _projected = new float[sizes.Projected];
        _ritz = new float[sizes.Basis / BlocksOfRound];
        _small = new float[sizes.Count * sizes.Count];
        _gram = new double[sizes.Count * sizes.Count];
        _values = new double[sizes.Count];
        _eigen = new Scratch(1, SymmetricEigen.ScratchBytes(sizes.Count));
        _reflectors = new float[sizes.Reflectors];
    }

    /// <summary>The bytes of scratch of an instance.</summary>
    public static long BytesFor(Sizes sizes) =>
        (sizeof(float) * ((long)sizes.Basis + sizes.Projected + (sizes.Basis / BlocksOfRound) + sizes.Reflectors))
        + (sizeof(float) * (long)sizes.Count * sizes.Count)
        + (sizeof(double) * (((long)sizes.Count * sizes.Count) + sizes.Count))
        + SymmetricEigen.ScratchBytes(sizes.Count);

    /// <summary>Finds the leading vectors, each of which is a row of <paramref name="vectors"/>.</summary>
    /// <param name="matrix">X.</param>
    /// <param name="rank">r.</param>
    /// <param name="vectors">Takes r times the shorter side.</param>
    /// <param name="work">Shares products between threads.</param>
    public void Find(in ImplicitMatrix matrix, int rank, Span<float> vectors, WorkSharing work)
    {
        int size = matrix.Short;
        int block = BlockOf(rank);
        int count = BlocksOfRound * block;
        Span<float> basis = _basis.AsSpan(0, count * size);
        Span<float> ritz = _ritz.AsSpan(0, block * size);
        MatrixLayout blockLayout = new(block, size);
        Draw(ritz, size);
        HouseholderQr.Orthonormalize(ritz, size, block, _reflectors, work);
        for (int round = 0; round < Rounds; round++)
        {
            ritz.CopyTo(basis);
            Span<float> image = basis.Slice(block * size, block * size);
            Apply(matrix, ritz, block, image, work);
            if (round > 0 && HasConverged(ritz, image, size, rank))
            {
                break;
            }

            // The blocks are made orthonormal one by one, or the last would be lost beside the first; then together, which completes what
            // is missing.
            HouseholderQr.Orthonormalize(image, size, block, _reflectors, work);
            Apply(matrix, image, block, basis[(2 * block * size)..], work);
            HouseholderQr.Orthonormalize(basis[(2 * block * size)..], size, block, _reflectors, work);
            HouseholderQr.Orthonormalize(basis, size, count, _reflectors, work);

            Ritz(matrix, basis, count, work);
            MatrixProduct.Multiply(_small, new MatrixLayout(block, count), basis, new MatrixLayout(count, size), ritz, blockLayout, work);
        }

        ritz[..(rank * size)].CopyTo(vectors);
    }

    private static int BlockOf(int rank) => rank + Math.Max(8, rank / 8);

    private static void Draw(Span<float> block, int size)
    {
        CounterRandom random = new((ulong)size, stream: 0);
        for (int i = 0; i < block.Length; i++)
        {
            block[i] = (float)random.Normal((ulong)i);
        }
    }

    // Rows of vectors times X X^T.
    private void Apply(in ImplicitMatrix matrix, ReadOnlySpan<float> vectors, int count, Span<float> image, WorkSharing work)
    {
        Span<float> along = _projected.AsSpan(0, count * matrix.Long);
        matrix.Multiply(vectors, count, along, _small, work);
        matrix.MultiplyTransposed(along, count, image, _small, work);
    }

    // |X X^T v - z v| for the leading vectors, with the values of the round before.
    private bool HasConverged(ReadOnlySpan<float> ritz, ReadOnlySpan<float> image, int size, int rank)
    {
        for (int i = 0; i < rank; i++)
        {
            double sum = 0;
            for (int j = i * size; j < (i + 1) * size; j++)
            {
                double rest = image[j] - (_values[i] * ritz[j]);
                sum += rest * rest;
            }

            if (Math.Sqrt(sum) > Tolerance * _values[0])
            {
                return false;
            }
        }

        return true;
    }

    // The eigenvectors of V^T X X^T V, the leading first, as rows of the small matrix.
    private void Ritz(in ImplicitMatrix matrix, ReadOnlySpan<float> basis, int count, WorkSharing work)
    {
        Span<float> along = _projected.AsSpan(0, count * matrix.Long);
        matrix.Multiply(basis, count, along, _small, work);
        MatrixLayout square = new(count, count);
        MatrixLayout layout = new(count, matrix.Long);
        Span<float> small = _small.AsSpan(0, count * count);
        MatrixProduct.Multiply(along, layout, along, layout.Transpose(), small, square, work);
        Span<double> gram = _gram.AsSpan(0, count * count);
        for (int i = 0; i < gram.Length; i++)
        {
            gram[i] = small[i];
        }

        SymmetricEigen.Decompose(gram, _values.AsSpan(0, count), _eigen.Area(0));
        for (int i = 0; i < gram.Length; i++)
        {
            small[i] = (float)gram[i];
        }
    }

    /// <summary>The largest of each array among some matrices.</summary>
    /// <param name="Basis">Floats of three blocks.</param>
    /// <param name="Projected">Floats of three blocks times X.</param>
    /// <param name="Count">Vectors of three blocks.</param>
    /// <param name="Reflectors">Floats that making them orthonormal takes.</param>
    [StructLayout(LayoutKind.Auto)]
    internal readonly record struct Sizes(int Basis, int Projected, int Count, int Reflectors)
    {
        /// <summary>The sizes that also do for one more matrix.</summary>
        public Sizes Including(int shortSide, int longSide, int rank)
        {
            int count = BlocksOfRound * BlockOf(rank);
            return new Sizes(
                Math.Max(Basis, checked(count * shortSide)),
                Math.Max(Projected, checked(count * longSide)),
                Math.Max(Count, count),
                Math.Max(Reflectors, checked((int)HouseholderQr.ScratchLength(shortSide, count))));
        }
    }
}
