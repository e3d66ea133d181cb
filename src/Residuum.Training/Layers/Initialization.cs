using Residuum.Numerics;

namespace Residuum.Training.Layers;

/// <summary>How the initial values of a parameter are made.</summary>
public readonly struct Initialization
{
    private readonly Kind _kind;
    private readonly float _amount;

    private Initialization(Kind kind, float amount)
    {
        _kind = kind;
        _amount = amount;
    }

    private enum Kind
    {
        Constant,
        Normal,
        Uniform,
    }

    /// <summary>All zero.</summary>
    public static Initialization Zero => Constant(0);

    /// <summary>All the same.</summary>
    /// <param name="value">The value.</param>
    public static Initialization Constant(float value) => new(Kind.Constant, value);

    /// <summary>Normal with mean 0.</summary>
    /// <param name="deviation">The standard deviation.</param>
    public static Initialization Normal(double deviation) => new(Kind.Normal, (float)deviation);

    /// <summary>Uniform from -<paramref name="bound"/> to <paramref name="bound"/>.</summary>
    /// <param name="bound">The largest magnitude.</param>
    public static Initialization Uniform(double bound) => new(Kind.Uniform, (float)bound);

    /// <summary>
    /// Normal with deviation sqrt(2 / inputs), which keeps the scale of activations through rectifiers (He et al., arXiv:1502.01852,
    /// equation 10).
    /// </summary>
    /// <param name="inputs">The number of inputs of each output.</param>
    public static Initialization He(int inputs) => Normal(Math.Sqrt(2.0 / inputs));

    internal void Fill(Span<float> values, CounterRandom random)
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = _kind switch
            {
                Kind.Normal => (float)(_amount * random.Normal((ulong)i)),
                Kind.Uniform => (float)(_amount * ((2 * random.Uniform((ulong)i)) - 1)),
                _ => _amount,
            };
        }
    }
}
