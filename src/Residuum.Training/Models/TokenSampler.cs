using Residuum.Numerics;

namespace Residuum.Training.Models;

/// <summary>Chooses the next token from a model's logits.</summary>
/// <remarks>
/// Token i has probability proportional to exp(logit_i / temperature) among the k largest logits (equal ones: the lower id first). The
/// choice is a function of logits, seed and position alone. One thread per instance.
/// </remarks>
public sealed class TokenSampler
{
    private const ulong Stream = 0x5341_4D50_4C45_0000;

    private readonly double _temperature;
    private readonly int _topK;
    private readonly CounterRandom _random;
    private ulong[] _keys = [];
    private double[] _weights = [];

    /// <summary>Makes a sampler.</summary>
    /// <param name="temperature">0 for the most likely token always, 1 for the model's own probabilities; finite.</param>
    /// <param name="topK">How many tokens to choose among, at least 1; null for all.</param>
    /// <param name="seed">The seed of the choices.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public TokenSampler(double temperature, int? topK, ulong seed)
    {
        if (!double.IsFinite(temperature) || temperature < 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(temperature), temperature, $"The temperature is {temperature}; it must be finite and at least 0.");
        }

        if (topK < 1)
        {
            throw new ArgumentOutOfRangeException(
                nameof(topK), topK, $"The number of tokens to choose among is {topK}; it must be at least 1.");
        }

        _temperature = temperature;
        _topK = topK ?? int.MaxValue;
        _random = new CounterRandom(seed, Stream);
    }

    /// <summary>Chooses a token.</summary>
    /// <param name="logits">A logit for each token.</param>
    /// <param name="position">How many tokens were chosen before.</param>
    /// <exception cref="ArgumentException">A logit is not finite: the model has diverged.</exception>
    public int Choose(ReadOnlySpan<float> logits, long position)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(logits.Length, 1);
        if (_keys.Length != logits.Length)
        {
            _keys = new ulong[logits.Length];
            _weights = new double[logits.Length];
        }

        SortKeys(logits);
        int count = _temperature == 0 ? 1 : Math.Min(_topK, logits.Length);
        double largest = logits[TokenOf(0)];
        double sum = 0;
        for (int i = 0; i < count; i++)
        {
            // At temperature 0 there is one candidate, whose weight is 1.
            _weights[i] = count == 1 ? 1 : Math.Exp((logits[TokenOf(i)] - largest) / _temperature);
            sum += _weights[i];
        }

        double target = _random.Uniform((ulong)position) * sum;
        int chosen = 0;
        while (chosen < count - 1 && (target -= _weights[chosen]) >= 0)
        {
            chosen++;
        }

        return TokenOf(chosen);
    }

    /// <summary>The token with the rank-th largest logit, from 0.</summary>
    private int TokenOf(int rank) => (int)(uint)_keys[rank];

    /// <summary>Sorts keys with the logit's bits above and the id below, so that the largest logit comes first and equal ones are in the
    /// order of ids.</summary>
    private void SortKeys(ReadOnlySpan<float> logits)
    {
        for (int i = 0; i < logits.Length; i++)
        {
            if (!float.IsFinite(logits[i]))
            {
                throw new ArgumentException($"The logit of token {i} is {logits[i]}; the model has diverged.", nameof(logits));
            }

            // A float's bits rise with its value if the sign is set for positive ones and all are turned over for negative ones;
            // + 0f makes -0 to 0.
            uint bits = BitConverter.SingleToUInt32Bits(logits[i] + 0f);
            uint rising = (bits & 0x8000_0000) == 0 ? bits | 0x8000_0000 : ~bits;
            _keys[i] = ((ulong)~rising << 32) | (uint)i;
        }

        Array.Sort(_keys);
    }
}
