namespace Residuum;

/// <summary>A named tensor that an optimizer trains: its values and, beside them, its gradient.</summary>
/// <remarks>
/// The memory may be a managed array, native memory or another engine's tensor; the optimizer reads and writes it in place and keeps no
/// copy. Tensors are row-major. The name is mandatory and unique within an optimizer: state is saved and found by name, never by position.
/// </remarks>
public sealed class Parameter
{
    private readonly int[] _shape;

    /// <summary>Wraps memory that somebody else owns.</summary>
    /// <param name="name">A unique name; module paths with dots are customary.</param>
    /// <param name="shape">The dimensions, row-major; an empty shape is a scalar, a dimension of 0 an empty tensor.</param>
    /// <param name="values">The weights, as many as the product of <paramref name="shape"/>.</param>
    /// <param name="gradient">The gradient of the loss, of the same length as <paramref name="values"/>.</param>
    /// <exception cref="ArgumentException">The name is empty, a dimension is negative, or a length differs from the shape's.</exception>
    public Parameter(string name, ReadOnlySpan<int> shape, Memory<float> values, Memory<float> gradient)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = name;
        _shape = shape.ToArray();
        Length = TensorShape.ElementCount(shape, name);
        if (values.Length != Length)
        {
            throw new ArgumentException(
                $"Parameter '{name}' of shape {TensorShape.Format(shape)} needs {Length} values, but got {values.Length}.", nameof(values));
        }

        if (gradient.Length != Length)
        {
            throw new ArgumentException(
                $"Parameter '{name}' of shape {TensorShape.Format(shape)} needs a gradient of {Length} entries, but got {gradient.Length}.",
                nameof(gradient));
        }

        Values = values;
        Gradient = gradient;
    }

    /// <summary>Allocates a parameter whose values and gradient are zero.</summary>
    /// <param name="name">A unique name; module paths with dots are customary.</param>
    /// <param name="shape">The dimensions, row-major.</param>
    /// <exception cref="ArgumentException">The name is empty or a dimension is negative.</exception>
    public Parameter(string name, params ReadOnlySpan<int> shape)
        : this(name, shape, new float[TensorShape.ElementCount(shape, name)], new float[TensorShape.ElementCount(shape, name)])
    {
    }

    /// <summary>The unique name.</summary>
    public string Name { get; }

    /// <summary>The dimensions, row-major.</summary>
    public ReadOnlySpan<int> Shape => _shape;

    /// <summary>The number of entries.</summary>
    public int Length { get; }

    /// <summary>The weights. Empty while an <see cref="Optimizers.IValueHolder"/> has them.</summary>
    /// <exception cref="ArgumentException">The number of values is neither <see cref="Length"/> nor 0.</exception>
    public Memory<float> Values
    {
        get;
        set => field = value.Length == Length || value.IsEmpty
            ? value
            : throw new ArgumentException($"Parameter '{Name}' needs {Length} values, but got {value.Length}.", nameof(value));
    }

    /// <summary>
    /// The gradient of the loss with respect to <see cref="Values"/>. A step reads it and, unless it clips, leaves it as it is. Empty while
    /// an <see cref="Optimizers.IGradientHolder"/> has its memory.
    /// </summary>
    /// <exception cref="ArgumentException">The number of entries is neither <see cref="Length"/> nor 0.</exception>
    public Memory<float> Gradient
    {
        get;
        set => field = value.Length == Length || value.IsEmpty
            ? value
            : throw new ArgumentException(
                $"Parameter '{Name}' needs a gradient of {Length} entries, but got {value.Length}.", nameof(value));
    }

    /// <summary>
    /// Whether <see cref="Gradient"/> holds a gradient for the coming step (default true). Without one the parameter is skipped:
    /// nothing of it changes, its own step counter neither.
    /// </summary>
    public bool HasGradient { get; set; } = true;

    /// <summary>
    /// Whether <see cref="Gradient"/> holds an optimizer's error between steps (LDAdam with errorBuffer gradientBuffer). Then a backward
    /// pass must add to it from the first, and nobody may clear it.
    /// </summary>
    public bool GradientHoldsError { get; internal set; }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {TensorShape.Format(_shape)}";
}
