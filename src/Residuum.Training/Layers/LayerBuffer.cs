namespace Residuum.Training.Layers;

/// <summary>Named numbers of a layer that are saved with the model but not trained, such as running statistics.</summary>
public sealed class LayerBuffer
{
    private readonly int[] _shape;

    internal LayerBuffer(string name, ReadOnlySpan<int> shape, float value)
    {
        Name = name;
        _shape = shape.ToArray();
        Values = new float[TensorShape.ElementCount(shape, name)];
        Values.Span.Fill(value);
    }

    /// <summary>The full dotted name.</summary>
    public string Name { get; }

    /// <summary>The dimensions, row-major.</summary>
    public ReadOnlySpan<int> Shape => _shape;

    /// <summary>The numbers.</summary>
    public Memory<float> Values { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {TensorShape.Format(_shape)}";
}
