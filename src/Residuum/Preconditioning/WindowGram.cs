using Residuum.State;

namespace Residuum.Preconditioning;

/// <summary>The ring of a window of m gradients and the matrix K of their scalar products, in double.</summary>
/// <remarks>
/// A row and a column of K are replaced at every step, each entry being one fresh scalar product: nothing drifts. Rows and columns of slots
/// that hold no gradient yet are zero. 8 m^2 bytes.
/// </remarks>
/// <param name="window">m.</param>
internal sealed class WindowGram(int window)
{
    private readonly double[] _gram = new double[window * window];
    private readonly long[] _step = new long[1];

    /// <summary>m.</summary>
    public int Window => window;

    /// <summary>t, the steps taken.</summary>
    public long Step => _step[0];

    /// <summary>The row of the window that the current step writes.</summary>
    public int Slot => (int)((_step[0] - 1) % window);

    /// <summary>The rows that hold gradients: min(t, m).</summary>
    public int Filled => (int)Math.Min(_step[0], window);

    /// <summary>The fields: <c>gram</c> [m, m] and the counter <c>step</c>.</summary>
    public static IEnumerable<FieldSpec> Fields(int window) => [new("gram", ElementType.F64, window, window), new("step", ElementType.I64)];

    /// <summary>The live fields.</summary>
    public IEnumerable<StateField> State()
    {
        FieldSpec[] fields = [.. Fields(window)];
        return [StateField.Of(null, fields[0], _gram.AsMemory()), StateField.Of(null, fields[1], _step.AsMemory())];
    }

    /// <summary>Counts the step: <see cref="Slot"/> and <see cref="Filled"/> are those of the new one.</summary>
    public void Advance() => _step[0]++;

    /// <summary>A row of K.</summary>
    public ReadOnlySpan<double> Row(int row) => _gram.AsSpan(row * window, window);

    /// <summary>How many steps ago a row was written; the newest has age 0.</summary>
    public int Age(int row) => (Slot - row + window) % window;

    /// <summary>Replaces row and column of the current slot.</summary>
    /// <param name="products">The scalar products of the new row with the filled ones, itself included.</param>
    public void Replace(ReadOnlySpan<double> products)
    {
        for (int row = 0; row < products.Length; row++)
        {
            _gram[(Slot * window) + row] = products[row];
            _gram[(row * window) + Slot] = products[row];
        }
    }
}
