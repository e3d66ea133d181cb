namespace Residuum.Training.Models;

/// <summary>The size of a <see cref="DecoderTransformer"/>.</summary>
public sealed record DecoderTransformerOptions
{
    /// <summary>The number of tokens; at least 1. Default 256: bytes.</summary>
    public int Vocabulary { get; init; } = 256;

    /// <summary>The largest number of positions; at least 1. Default 256.</summary>
    public int Context { get; init; } = 256;

    /// <summary>The length of a position's vector, a multiple of twice <see cref="Heads"/>. Default 256.</summary>
    public int Width { get; init; } = 256;

    /// <summary>The number of blocks; at least 1. Default 4.</summary>
    public int Layers { get; init; } = 4;

    /// <summary>The number of attention heads; at least 1. Default 4.</summary>
    public int Heads { get; init; } = 4;

    /// <summary>
    /// The hidden width of the feed-forward layers; null for 8/3 of <see cref="Width"/>, rounded up to a multiple of 32, as in LLaMA.
    /// </summary>
    public int? HiddenWidth { get; init; }

    /// <summary>Whether the output layer shares the embedding's table. Default false.</summary>
    public bool TiedHead { get; init; }

    /// <summary>
    /// The share of the embedding's and of each branch's result to drop in training, from 0 to less than 1. Default 0, as in LLaMA.
    /// </summary>
    public float Dropout { get; init; }

    /// <summary>The base of the rotary frequencies; positive. Default 10,000 (arXiv:2104.09864).</summary>
    public double RotaryBase { get; init; } = 10_000;

    /// <summary><see cref="HiddenWidth"/>, or what it stands for.</summary>
    public int EffectiveHiddenWidth => HiddenWidth ?? ((8 * Width / 3) + 31) / 32 * 32;

    internal void Validate()
    {
        RequirePositive(Vocabulary, nameof(Vocabulary));
        RequirePositive(Context, nameof(Context));
        RequirePositive(Width, nameof(Width));
        RequirePositive(Layers, nameof(Layers));
        RequirePositive(Heads, nameof(Heads));
        RequirePositive(EffectiveHiddenWidth, nameof(HiddenWidth));
        if (Width % (2 * Heads) != 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(Width),
                Width,
                $"Width is {Width}; it must be a multiple of twice Heads, {2 * Heads}, so that each head has an even width.");
        }
    }

    private static void RequirePositive(int value, string name)
    {
        if (value < 1)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} is {value}; it must be at least 1.");
        }
    }
}
