using Residuum.Numerics;

namespace Residuum.Training.Differentiation;

/// <summary>The forward pass of attention; a row is one head of one sequence.</summary>
internal readonly struct AttentionForward(
    AttentionShape shape, Tensor query, Tensor key, Tensor value, Tensor output, Tensor logNormalizer, Memory<float> scratch) : IRowKernel
{
    public void Run(int first, int end, int worker)
    {
        Span<float> scores = scratch.Span.Slice(worker * shape.ScoreLength, shape.ScoreLength);
        for (int head = first; head < end; head++)
        {
            ReadOnlySpan<float> keys = key.Values[shape.Offset(head, shape.Keys, 0)..];
            ReadOnlySpan<float> values = value.Values[shape.Offset(head, shape.Keys, 0)..];
            for (int start = 0; start < shape.Queries; start += AttentionShape.QueriesPerBlock)
            {
                int queries = Math.Min(AttentionShape.QueriesPerBlock, shape.Queries - start);
                int seen = shape.KeysSeen(start + queries);
                MatrixLayout block = new(queries, seen);
                int at = shape.Offset(head, shape.Queries, start);
                MatrixProduct.Multiply(
                    query.Values[at..],
                    shape.Rows(queries),
                    keys,
                    shape.Rows(seen).Transpose(),
                    scores,
                    block,
                    WorkSharing.Alone,
                    alpha: shape.Scale);
                for (int i = 0; i < queries; i++)
                {
                    Span<float> row = scores.Slice(i * seen, seen);
                    int visible = shape.KeysSeen(start + i + 1);
                    logNormalizer.Values[(head * shape.Queries) + start + i] = SoftmaxRow.Normalize(row[..visible]);
                    row[visible..].Clear();
                }

                MatrixProduct.Multiply(
                    scores, block, values, shape.Rows(seen), output.Values[at..], shape.Rows(queries), WorkSharing.Alone);
            }
        }
    }
}
