using Residuum.Numerics;
using Residuum.State;

namespace Residuum.Preconditioning;

/// <summary>
/// The inverse of the empirical Fisher matrix of a window of gradients, applied to the newest (methods page of EFCP, 3.3).
/// </summary>
/// <remarks>
/// <code>
/// F = lambda I + (1/n) sum over the window of g g^T,    F^-1 g_s = G^T w,    w = n (K + n lambda I)^-1 e_s
/// </code>
/// There is no difference of two vectors of the size of 1 / lambda as in the published recursion. P = (K + n lambda I)^-1 is kept and
/// changed with the row of K and checked against it, in 4 m^2 multiply-adds; it is made anew when n lambda changes, when the new pivot or
/// the check says that rounding has gone too far (rows that depend on each other, with n lambda far below their squares), and every 512
/// steps. 8 m^2 bytes beside those of K.
/// </remarks>
internal sealed class FisherWindow : IWork
{
    private const int RenewalInterval = 512;
    private const int RowsOfChunk = 32;

    // How far G^T w may be from F^-1 g_s for the rounding in P, as a part of its norm: a few steps of float32.
    private const double LargestError = 1e-6;

    private readonly WindowGram _gram;
    private readonly WorkSharing _work;
    private readonly double[] _inverse;
    private readonly double[] _shift = new double[1];
    private readonly Scratch _scratch;
    private Phase _phase;

    /// <summary>Makes a preconditioner of an empty window.</summary>
    /// <param name="gram">K and the ring.</param>
    /// <param name="work">Shares the rows of P between threads.</param>
    public FisherWindow(WindowGram gram, WorkSharing work)
    {
        _gram = gram;
        _work = work;
        _inverse = new double[gram.Window * gram.Window];
        _scratch = new Scratch(1, ScratchBytes(gram.Window));
    }

    private enum Phase
    {
        Removing,
        Adding,
        Checking,
    }

    /// <summary>
    /// The fields: <c>inverse</c> [m, m], P; and <c>shift</c> [1], the n lambda that it belongs to, 0 before the first step.
    /// </summary>
    public static IEnumerable<FieldSpec> Fields(int window) =>
        [new("inverse", ElementType.F64, window, window), new("shift", ElementType.F64, 1)];

    /// <summary>The bytes of scratch.</summary>
    public static long ScratchBytes(int window) => 3 * ScratchArea.BytesOf<double>(window);

    /// <summary>The live fields.</summary>
    public IEnumerable<StateField> State()
    {
        FieldSpec[] fields = [.. Fields(_gram.Window)];
        return [StateField.Of(null, fields[0], _inverse.AsMemory()), StateField.Of(null, fields[1], _shift.AsMemory())];
    }

    /// <summary>The weights w of the rows, after K has the row of the newest gradient.</summary>
    /// <param name="count">n.</param>
    /// <param name="damping">lambda.</param>
    /// <param name="weights">One per filled row.</param>
    public void Weigh(int count, double damping, Span<double> weights)
    {
        double shift = count * damping;
        if (shift != _shift[0] || _gram.Step % RenewalInterval == 0 || !Exchange(shift) || !IsAccurate(shift))
        {
            Renew(shift);
        }

        ReadOnlySpan<double> column = Row(_gram.Slot);
        for (int row = 0; row < weights.Length; row++)
        {
            weights[row] = count * column[row];
        }
    }

    void IWork.Run(int chunk, int worker)
    {
        Working(out Span<double> old, out Span<double> products, out Span<double> q);
        int slot = _gram.Slot;
        for (int row = chunk * RowsOfChunk; row < Math.Min(_gram.Filled, (chunk + 1) * RowsOfChunk); row++)
        {
            if (_phase == Phase.Checking)
            {
                products[row] = DoubleKernels.Dot(_gram.Row(row)[.._gram.Filled], Row(slot)[.._gram.Filled]);
                continue;
            }

            if (row == slot)
            {
                continue;
            }

            Span<double> p = Row(row)[.._gram.Filled];
            if (_phase == Phase.Removing)
            {
                DoubleKernels.AddScaled(-old[row] / old[slot], old, p);
                q[row] = DoubleKernels.Dot(p, products);
            }
            else
            {
                DoubleKernels.AddScaled(q[row] / q[slot], q, p);
                p[slot] = -q[row] / q[slot];
            }
        }
    }

    // P of the window with one row exchanged: R = P_oo - P_os P_so / P_ss is the inverse without it; with b = K_os, a = K_ss + n lambda, q
    // = R b and sigma = a - b^T q the new P has P_ss = 1 / sigma, P_os = -q / sigma, P_oo = R + q q^T / sigma. In exact arithmetic sigma >=
    // n lambda.
    private bool Exchange(double shift)
    {
        int slot = _gram.Slot;
        Working(out Span<double> old, out Span<double> products, out Span<double> q);
        Row(slot)[.._gram.Filled].CopyTo(old);
        _gram.Row(slot)[.._gram.Filled].CopyTo(products);
        double a = products[slot] + shift;
        products[slot] = 0;
        q[slot] = 0;

        int chunks = (_gram.Filled + RowsOfChunk - 1) / RowsOfChunk;
        _phase = Phase.Removing;
        _work.Run(this, chunks);
        double sigma = a - DoubleKernels.Dot(products, q);
        if (!(sigma > shift / 2))
        {
            return false;
        }

        Span<double> own = Row(slot);
        for (int row = 0; row < _gram.Filled; row++)
        {
            own[row] = -q[row] / sigma;
        }

        // The own place of q is free: it takes sigma to the other rows.
        own[slot] = 1 / sigma;
        q[slot] = sigma;
        _phase = Phase.Adding;
        _work.Run(this, chunks);
        return true;
    }

    // With p = P e_s and r = e_s - (K + n lambda I) p, G^T p is off by G^T (K + n lambda I)^-1 r, whose norm is at most
    // |r| / (2 sqrt(n lambda)), since no singular value s of G makes s / (s^2 + n lambda) larger. The squared norm of G^T p is p^T K p.
    private bool IsAccurate(double shift)
    {
        _phase = Phase.Checking;
        _work.Run(this, (_gram.Filled + RowsOfChunk - 1) / RowsOfChunk);
        Working(out _, out Span<double> products, out _);
        ReadOnlySpan<double> p = Row(_gram.Slot)[.._gram.Filled];
        double squaredNorm = DoubleKernels.Dot(p, products);
        DoubleKernels.AddScaled(shift, p, products);
        products[_gram.Slot] -= 1;
        return DoubleKernels.Dot(products, products) <= 4 * shift * LargestError * LargestError * squaredNorm;
    }

    private void Renew(double shift)
    {
        int filled = _gram.Filled;
        _inverse.AsSpan().Clear();
        for (int row = 0; row < _gram.Window; row++)
        {
            Span<double> p = Row(row);
            _gram.Row(row)[..filled].CopyTo(p);
            p[row] += shift;
        }

        Cholesky.Factor(_inverse, filled, _gram.Window, smallestPivot: shift);
        Cholesky.Invert(_inverse, filled, _gram.Window);
        for (int row = filled; row < _gram.Window; row++)
        {
            Row(row)[row] = 1 / shift;
        }

        _shift[0] = shift;
    }

    private Span<double> Row(int row) => _inverse.AsSpan(row * _gram.Window, _gram.Window);

    private void Working(out Span<double> old, out Span<double> products, out Span<double> q)
    {
        ScratchArea area = _scratch.Area(0);
        old = area.Take<double>(_gram.Filled);
        products = area.Take<double>(_gram.Filled);
        q = area.Take<double>(_gram.Filled);
    }
}
