using Residuum.Numerics;

namespace Residuum.Training.Differentiation;

/// <summary>The backward pass of attention; a row is one head of one sequence, whose gradients no other row touches.</summary>
internal readonly struct AttentionBackward(
    AttentionShape shape, Tensor query, Tensor key, Tensor value, Tensor output, Tensor logNormalizer, Memory<float> scratch) : IRowKernel
{
    public void Run(int first, int end, int worker)
    {
        Span<float> probabilities = scratch.Span.Slice(2 * worker * shape.ScoreLength, shape.ScoreLength);
        Span<float> scores = scratch.Span.Slice(((2 * worker) + 1) * shape.ScoreLength, shape.ScoreLength);
        for (int head = first; head < end; head++)
        {
            for (int start = 0; start < shape.Queries; start += AttentionShape.QueriesPerBlock)
            {
                int queries = Math.Min(AttentionShape.QueriesPerBlock, shape.Queries - start);
                Block(head, start, queries, probabilities, scores);
            }
        }
    }

    private void Block(int head, int start, int queries, Span<float> probabilities, Span<float> scores)
    {
        int seen = shape.KeysSeen(start + queries);
        int at = shape.Offset(head, shape.Queries, start);
        int keysAt = shape.Offset(head, shape.Keys, 0);
        MatrixLayout block = new(queries, seen);
        MatrixLayout queryRows = shape.Rows(queries);
        MatrixLayout keyRows = shape.Rows(seen);
        ReadOnlySpan<float> q = query.Values[at..];
        ReadOnlySpan<float> dOutput = output.Gradient[at..];

        // P = exp(S - log normalizer), then dV += Pᵀ dO.
        MatrixProduct.Multiply(
            q, queryRows, key.Values[keysAt..], keyRows.Transpose(), probabilities, block, WorkSharing.Alone, alpha: shape.Scale);
        for (int i = 0; i < queries; i++)
        {
            Span<float> row = probabilities.Slice(i * seen, seen);
            int visible = shape.KeysSeen(start + i + 1);
            SoftmaxRow.Exponentiate(row[..visible], logNormalizer.Values[(head * shape.Queries) + start + i]);
            row[visible..].Clear();
        }

        MatrixProduct.Multiply(
            probabilities, block.Transpose(), dOutput, queryRows, value.Gradient[keysAt..], keyRows, WorkSharing.Alone, beta: 1);

        // dS = P (dP - δ) with dP = dO Vᵀ; then dQ += dS K and dK += dSᵀ Q, both with the scale of the scores.
        MatrixProduct.Multiply(dOutput, queryRows, value.Values[keysAt..], keyRows.Transpose(), scores, block, WorkSharing.Alone);
        for (int i = 0; i < queries; i++)
        {
            int row = i * shape.Stride;
            float delta = (float)Reductions.Dot(dOutput.Slice(row, shape.Width), output.Values.Slice(at + row, shape.Width));
            SoftmaxRow.Differentiate(probabilities.Slice(i * seen, seen), delta, scores.Slice(i * seen, seen));
        }

        MatrixProduct.Multiply(
            scores, block, key.Values[keysAt..], keyRows, query.Gradient[at..], queryRows, WorkSharing.Alone, alpha: shape.Scale, beta: 1);
        MatrixProduct.Multiply(
            scores, block.Transpose(), q, queryRows, key.Gradient[keysAt..], keyRows, WorkSharing.Alone, alpha: shape.Scale, beta: 1);
    }
}
