namespace Residuum.Optimizers;

/// <summary>What methods share that treat matrices and other parameters differently: which parameters count as matrices.</summary>
/// <remarks>
/// The rule: a parameter is a matrix if it has two dimensions (or more, with <see cref="Flatten"/>), at least <see cref="MinLowRankSize"/>
/// entries, and a name that <see cref="LowRankNames"/> match and <see cref="DenseNames"/> do not.
/// </remarks>
public abstract record MatrixOptions : AdamFamilyOptions
{
    /// <summary>
    /// Names of parameters that may count: patterns with <c>|</c> between, <c>*</c> standing for any letters; a pattern matches the whole
    /// name or one of its parts between dots. Default: all (the authors of LDAdam: what contains <c>attn</c> or <c>mlp</c>). Per group and
    /// fixed.
    /// </summary>
    public string LowRankNames { get; init; } = "*";

    /// <summary>
    /// Names of parameters that are dense, in patterns as of <see cref="LowRankNames"/>; empty for none. Default: embeddings and output
    /// heads, which the authors of LDAdam and GaLore leave dense too. Per group and fixed.
    /// </summary>
    public string DenseNames { get; init; } = NamePatterns.EmbeddingsAndHeads;

    /// <summary>Entries below which a matrix is dense: at least 0, default 0. Per group and fixed.</summary>
    public int MinLowRankSize { get; init; }

    /// <summary>
    /// Whether a tensor of more than two dimensions is a matrix of its first dimension by all others; default no. Per group and fixed.
    /// </summary>
    public bool Flatten { get; init; }

    /// <inheritdoc/>
    protected internal override void Validate()
    {
        base.Validate();
        Require.Between(MinLowRankSize, 0, int.MaxValue, "minLowRankSize");
    }
}
