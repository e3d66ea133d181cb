using Residuum.Numerics;

namespace Residuum.Compression;

/// <summary>Finds the leading singular vectors of a matrix, with memory for matrices up to a size.</summary>
/// <remarks>
/// Up to a shorter side of 1,024, and for ranks above a quarter of it, the Gram matrix of that side is summed in double from panels of the
/// matrix and decomposed in double; else <see cref="BlockKrylov"/> iterates. If the basis lies on the longer side, its vectors are the
/// matrix times those of the shorter, made orthonormal. A zero matrix gives the first unit vectors, as LAPACK does. All memory is scratch.
/// </remarks>
internal sealed class LeadingSubspace
{
    private const int PanelRows = SubspaceScratchSizes.PanelRows;

    private readonly float[] _panel;
    private readonly GramMatrix _sums;
    private readonly double[] _gram;
    private readonly double[] _values;
    private readonly Scratch _eigen;
    private readonly float[] _vectors;
    private readonly float[] _columns;
    private readonly float[] _reflectors;
    private readonly BlockKrylov? _krylov;

    /// <summary>Makes room.</summary>
    public LeadingSubspace(SubspaceScratchSizes sizes)
    {
        _panel = new float[sizes.PanelElements];
        _sums = new GramMatrix(PanelRows, sizes.Exact);
        _gram = new double[sizes.Exact * sizes.Exact];
        _values = new double[sizes.Exact];
        _eigen = new Scratch(1, SymmetricEigen.ScratchBytes(sizes.Exact));
        _vectors = new float[sizes.Vectors];
        _columns = new float[sizes.LongBasis];
        _reflectors = new float[sizes.Reflectors];
        _krylov = sizes.Iterative.Count > 0 ? new BlockKrylov(sizes.Iterative) : null;
    }

    /// <summary>The bytes of scratch of an instance.</summary>
    public static long BytesFor(SubspaceScratchSizes sizes) =>
        (sizeof(float) * ((long)sizes.PanelElements + sizes.Vectors + sizes.LongBasis + sizes.Reflectors))
        + GramMatrix.BytesFor(PanelRows, sizes.Exact)
        + (sizeof(double) * (((long)sizes.Exact * sizes.Exact) + sizes.Exact))
        + SymmetricEigen.ScratchBytes(sizes.Exact)
        + (sizes.Iterative.Count > 0 ? BlockKrylov.BytesFor(sizes.Iterative) : 0);

    /// <summary>The basis of <c>B = alpha A + U c</c>, where U c is left out if <paramref name="oldBasis"/> is empty.</summary>
    /// <param name="layout">The shapes.</param>
    /// <param name="alpha">The factor of A.</param>
    /// <param name="matrix">A.</param>
    /// <param name="oldBasis">U, or empty.</param>
    /// <param name="coefficients">c, or empty.</param>
    /// <param name="basis">Takes r vectors, the leading one first.</param>
    /// <param name="work">Shares products between threads.</param>
    public void Find(
        SubspaceLayout layout,
        float alpha,
        ReadOnlySpan<float> matrix,
        ReadOnlySpan<float> oldBasis,
        ReadOnlySpan<float> coefficients,
        Span<float> basis,
        WorkSharing work)
    {
        ImplicitMatrix b = new(layout, alpha, matrix, oldBasis, coefficients);
        if (b.Magnitude == 0)
        {
            basis.Clear();
            for (int i = 0; i < layout.Rank; i++)
            {
                basis[(i * layout.Rank) + i] = 1;
            }

            return;
        }

        int found = Math.Min(layout.Rank, b.Short);
        Span<float> vectors = _vectors.AsSpan(0, found * b.Short);
        if (SubspaceScratchSizes.IsIterative(layout))
        {
            _krylov!.Find(b.Normalized(), found, vectors, work);
        }
        else
        {
            Decompose(b, vectors, work);
        }

        if (b.IsBasisShort)
        {
            MatrixTranspose.Copy(vectors, layout.Rank, layout.Side, basis);
            return;
        }

        // The basis spans B V, whose columns are orthogonal up to rounding; the columns that B does not have are completed.
        Span<float> columns = _columns.AsSpan(0, layout.BasisElements);
        b.Multiply(vectors, found, columns[..(found * layout.Side)], _panel, work);
        columns[(found * layout.Side)..].Clear();
        HouseholderQr.Orthonormalize(columns, layout.Side, layout.Rank, _reflectors, work);
        MatrixTranspose.Copy(columns, layout.Rank, layout.Side, basis);
    }

    // The leading eigenvectors of X X^T, as rows.
    private void Decompose(in ImplicitMatrix x, Span<float> vectors, WorkSharing work)
    {
        int size = x.Short;
        Span<double> gram = _gram.AsSpan(0, size * size);
        gram.Clear();
        for (int start = 0; start < x.Long; start += PanelRows)
        {
            int depth = Math.Min(PanelRows, x.Long - start);
            Span<float> panel = _panel.AsSpan(0, depth * size);
            x.CopyColumns(start, depth, panel, work);
            _sums.Add(panel, depth, size, _gram, work);
        }

        SymmetricEigen.Decompose(gram, _values.AsSpan(0, size), _eigen.Area(0));
        for (int i = 0; i < vectors.Length; i++)
        {
            vectors[i] = (float)gram[i];
        }
    }
}
