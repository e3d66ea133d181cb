namespace Residuum.Training.Differentiation;

/// <summary>
/// The mean of a table's rows over bags of tokens of any length; 0 for an empty bag. Backward: each row used gets dy / length.
/// </summary>
public sealed class EmbeddingBagOperation : Operation
{
    private Tensor _table = null!;
    private ReadOnlyMemory<int> _tokens;
    private ReadOnlyMemory<int> _offsets;

    /// <summary>Averages.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="table">Shape [vocabulary, width].</param>
    /// <param name="tokens">The tokens of all bags, one bag after the other.</param>
    /// <param name="offsets">Where each bag starts in <paramref name="tokens"/>, and at last the number of tokens: one more than
    /// bags.</param>
    /// <returns>Shape [bags, width].</returns>
    /// <remarks>Tokens and offsets must stay as they are until the backward pass is done.</remarks>
    /// <exception cref="ArgumentException">A token is not in the table, or the offsets do not rise from 0 to the number of
    /// tokens.</exception>
    public static Tensor Apply(Tape tape, Tensor table, ReadOnlyMemory<int> tokens, ReadOnlyMemory<int> offsets)
    {
        ArgumentNullException.ThrowIfNull(tape);
        ArgumentNullException.ThrowIfNull(table);
        TableRows.Check(table, tokens.Span);
        CheckOffsets(offsets.Span, tokens.Length);
        Tensor y = tape.Result(table.RequiresGradient, offsets.Length - 1, table.Columns);
        tape.ForRows(new Forward(table, tokens, offsets, y), y.Rows, rowsPerChunk: 16);

        EmbeddingBagOperation operation = tape.Rent<EmbeddingBagOperation>();
        operation._table = table;
        operation._tokens = tokens;
        operation._offsets = offsets;
        return tape.Record(operation, y);
    }

    /// <inheritdoc/>
    internal override bool BackwardReadsParameters => false;

    /// <inheritdoc/>
    public override void Backward(Tape tape)
    {
        tape.GradientToAddTo(_table);
        tape.ForRows(new Gradient(_tokens, _offsets, Output, _table), _table.Columns, TableRows.ColumnsPerChunk);
    }

    private static void CheckOffsets(ReadOnlySpan<int> offsets, int tokens)
    {
        bool rise = offsets.Length > 0 && offsets[0] == 0 && offsets[^1] == tokens;
        for (int i = 1; i < offsets.Length; i++)
        {
            rise &= offsets[i - 1] <= offsets[i];
        }

        if (!rise)
        {
            throw new ArgumentException($"The offsets of bags must rise from 0 to the number of tokens, {tokens}.", nameof(offsets));
        }
    }

    private readonly struct Forward(Tensor table, ReadOnlyMemory<int> tokens, ReadOnlyMemory<int> offsets, Tensor y) : IRowKernel
    {
        public void Run(int first, int end, int worker)
        {
            int width = table.Columns;
            for (int bag = first; bag < end; bag++)
            {
                Span<float> mean = y.Values.Slice(bag * width, width);
                mean.Clear();
                ReadOnlySpan<int> rows = tokens.Span[offsets.Span[bag]..offsets.Span[bag + 1]];
                foreach (int row in rows)
                {
                    TableRows.Add(table.Values.Slice(row * width, width), 1f / rows.Length, mean);
                }
            }
        }
    }

    /// <summary>Each thread adds up some columns for all bags in their order, so the sums do not depend on the threads.</summary>
    private readonly struct Gradient(ReadOnlyMemory<int> tokens, ReadOnlyMemory<int> offsets, Tensor y, Tensor table) : IRowKernel
    {
        public void Run(int first, int end, int worker)
        {
            int width = table.Columns;
            for (int bag = 0; bag < y.Rows; bag++)
            {
                ReadOnlySpan<float> dy = y.Gradient[((bag * width) + first)..((bag * width) + end)];
                ReadOnlySpan<int> rows = tokens.Span[offsets.Span[bag]..offsets.Span[bag + 1]];
                foreach (int row in rows)
                {
                    TableRows.Add(dy, 1f / rows.Length, table.Gradient.Slice((row * width) + first, end - first));
                }
            }
        }
    }
}
