namespace Residuum.Training.Differentiation;

/// <summary>
/// Looks up a row of a table for each token. Backward: each row of the table gets the sum of dy over the tokens that used it.
/// </summary>
public sealed class EmbeddingOperation : Operation
{
    private Tensor _table = null!;
    private ReadOnlyMemory<int> _tokens;

    /// <summary>Looks up.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="table">Shape [vocabulary, width].</param>
    /// <param name="tokens">The rows to take; must stay as they are until the backward pass is done.</param>
    /// <param name="shape">The dimensions of the tokens, such as [batch, time].</param>
    /// <returns>Shape [..., width].</returns>
    /// <exception cref="ArgumentException">The table is no matrix, the number of tokens is not that of the shape, or a token is not in the
    /// table.</exception>
    public static Tensor Apply(Tape tape, Tensor table, ReadOnlyMemory<int> tokens, params ReadOnlySpan<int> shape)
    {
        ArgumentNullException.ThrowIfNull(tape);
        ArgumentNullException.ThrowIfNull(table);
        TableRows.Check(table, tokens.Span);
        if (TensorShape.ElementCount(shape, "tokens") != tokens.Length)
        {
            throw new ArgumentException($"The shape {TensorShape.Format(shape)} does not hold {tokens.Length} tokens.", nameof(shape));
        }

        int width = table.Columns;
        Tensor y = tape.ResultOfWidth(table.RequiresGradient, shape, width);
        ReadOnlySpan<int> rows = tokens.Span;
        for (int i = 0; i < rows.Length; i++)
        {
            table.Values.Slice(rows[i] * width, width).CopyTo(y.Values[(i * width)..]);
        }

        EmbeddingOperation operation = tape.Rent<EmbeddingOperation>();
        operation._table = table;
        operation._tokens = tokens;
        return tape.Record(operation, y);
    }

    /// <inheritdoc/>
    internal override bool BackwardReadsParameters => false;

    /// <inheritdoc/>
    public override void Backward(Tape tape)
    {
        tape.GradientToAddTo(_table);
        tape.ForRows(new Gradient(_tokens, Output, _table), _table.Columns, TableRows.ColumnsPerChunk);
    }

    /// <summary>Each thread adds up some columns for all tokens in their order, so the sums do not depend on the threads.</summary>
    private readonly struct Gradient(ReadOnlyMemory<int> tokens, Tensor y, Tensor table) : IRowKernel
    {
        public void Run(int first, int end, int worker)
        {
            int width = table.Columns;
            ReadOnlySpan<int> rows = tokens.Span;
            for (int i = 0; i < rows.Length; i++)
            {
                TableRows.Add(
                    y.Gradient[((i * width) + first)..((i * width) + end)],
                    1,
                    table.Gradient.Slice((rows[i] * width) + first, end - first));
            }
        }
    }
}
