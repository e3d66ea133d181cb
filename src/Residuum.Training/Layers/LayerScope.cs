using System.Text;
using Residuum.Numerics;

namespace Residuum.Training.Layers;

/// <summary>Where a layer stands in its model: the prefix of its parameters' names, and the seed of their initial values.</summary>
/// <remarks>
/// The initial values of a parameter depend on the seed and its full name alone, so that every run from the same seed starts at the same
/// point, in whatever order a model is put together.
/// </remarks>
/// <param name="path">The dotted path, empty for the model itself.</param>
/// <param name="seed">The model's seed.</param>
public sealed class LayerScope(string path, ulong seed)
{
    /// <summary>The scope of a whole model.</summary>
    /// <param name="seed">The model's seed.</param>
    public LayerScope(ulong seed)
        : this("", seed)
    {
    }

    /// <summary>The dotted path, empty for the model itself.</summary>
    public string Path { get; } = path;

    /// <summary>The scope of a layer inside this one.</summary>
    /// <param name="name">The layer's name, without dots.</param>
    public LayerScope Of(string name) => new(FullName(name), seed);

    /// <summary>The scope of one of several layers with the same name.</summary>
    /// <param name="name">The layers' name, without dots.</param>
    /// <param name="number">Which one.</param>
    public LayerScope Of(string name, int number) => new(FullName(FormattableString.Invariant($"{name}.{number}")), seed);

    /// <summary>The full name of a parameter or buffer.</summary>
    /// <param name="name">Its name inside the layer.</param>
    public string FullName(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return Path.Length == 0 ? name : $"{Path}.{name}";
    }

    /// <summary>The random numbers of one parameter.</summary>
    /// <param name="fullName">The parameter's full name.</param>
    internal CounterRandom Random(string fullName) => new(seed, Stream(fullName));

    /// <summary>A fixed stream of random numbers for each name: FNV-1a over its UTF-8 bytes.</summary>
    internal static ulong Stream(string fullName)
    {
        ulong stream = 14695981039346656037;
        foreach (byte octet in Encoding.UTF8.GetBytes(fullName))
        {
            stream = (stream ^ octet) * 1099511628211;
        }

        return stream;
    }
}
