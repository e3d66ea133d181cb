namespace Residuum.Training.Differentiation;

/// <summary>Causal scaled dot-product attention (Vaswani et al., arXiv:1706.03762, section 3.2.1) of several heads.</summary>
/// <remarks>
/// For each sequence and head, with scores <c>S = Q Kᵀ / √width</c> and position i seeing positions 0 to i only: <c>P = softmax(S)</c>,
/// <c>O = P V</c>. Backward, with dP = dO Vᵀ and δᵢ = Σⱼ dOᵢⱼ Oᵢⱼ: <c>dV = Pᵀ dO</c>, <c>dS = P (dP - δ)</c>, <c>dQ = dS K / √width</c>,
/// <c>dK = dSᵀ Q / √width</c>. Scores are made for a block of queries at a time and not kept: only the logarithm of each row's normalizer
/// is,
/// from which the backward pass makes P again (Dao et al., arXiv:2205.14135, section 3.1).
/// </remarks>
public sealed class CausalAttentionOperation : Operation
{
    private Tensor _query = null!;
    private Tensor _key = null!;
    private Tensor _value = null!;
    private Tensor _logNormalizer = null!;
    private AttentionShape _shape;

    /// <summary>Attends.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="query">Shape [batch, time, heads * width].</param>
    /// <param name="key">Shape [batch, time, heads * width], with at least as many times as queries; the last query is at the last
    /// key.</param>
    /// <param name="value">The shape of the keys.</param>
    /// <param name="heads">The number of heads.</param>
    /// <returns>The shape of the queries.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static Tensor Apply(Tape tape, Tensor query, Tensor key, Tensor value, int heads)
    {
        ArgumentNullException.ThrowIfNull(tape);
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        bool fits = query.Shape.Length == 3 && key.Shape.Length == 3 && query.Shape[0] == key.Shape[0] && query.Columns == key.Columns
            && query.Shape[1] <= key.Shape[1] && heads > 0 && query.Columns % heads == 0;
        ShapeMismatch.ThrowIf(!fits, "Attention by the given number of heads", query, key);
        ShapeMismatch.ThrowIf(!key.Shape.SequenceEqual(value.Shape), "Attention", key, value);
        AttentionShape shape = new(query.Shape[0], query.Shape[1], key.Shape[1], heads, query.Columns / heads);
        Tensor y = tape.Result(query.RequiresGradient || key.RequiresGradient || value.RequiresGradient, query.Shape);
        Tensor logNormalizer = tape.Result(requiresGradient: false, shape.Batch, heads, shape.Queries);
        using Scratch scores = tape.RentScratch(tape.Work.Threads * shape.ScoreLength);
        tape.ForRows(new AttentionForward(shape, query, key, value, y, logNormalizer, scores.Memory), shape.Batch * heads, rowsPerChunk: 1);

        CausalAttentionOperation operation = tape.Rent<CausalAttentionOperation>();
        operation._query = query;
        operation._key = key;
        operation._value = value;
        operation._logNormalizer = logNormalizer;
        operation._shape = shape;
        return tape.Record(operation, y);
    }

    /// <inheritdoc/>
    public override void Backward(Tape tape)
    {
        // The kernel adds to keys and values block by block, so their gradients start from zero or from the sum so far.
        tape.GradientToAddTo(_query);
        tape.GradientToAddTo(_key);
        tape.GradientToAddTo(_value);
        using Scratch scores = tape.RentScratch(2 * tape.Work.Threads * _shape.ScoreLength);
        tape.ForRows(
            new AttentionBackward(_shape, _query, _key, _value, Output, _logNormalizer, scores.Memory),
            _shape.Batch * _shape.Heads,
            rowsPerChunk: 1);
    }
}
