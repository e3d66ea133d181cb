namespace Residuum.Training.Layers;

/// <summary>A part of a model, or a model: named parameters and buffers, its own and those of the layers inside it.</summary>
/// <remarks>
/// A layer of one's own derives from this class, makes its parameters and inner layers in the constructor, and has a method that applies
/// operations to tensors; see <see cref="Differentiation.Operation"/> for operations of one's own.
/// <code>
/// public sealed class Bottleneck : Layer
/// {
///     private readonly Linear _down;
///     private readonly Linear _up;
///     private readonly Parameter _scale;
///
///     public Bottleneck(LayerScope scope, int width, int inner)
///         : base(scope)
///     {
///         _down = Add(new Linear(scope.Of("down"), width, inner));
///         _up = Add(new Linear(scope.Of("up"), inner, width));
///         _scale = AddParameter("scale", Initialization.Constant(1), 1, width);
///     }
///
///     public Tensor Forward(Tape tape, Tensor x) =&gt; _up.Forward(tape, ReluOperation.Apply(tape, _down.Forward(tape, x)));
/// }
/// </code>
/// </remarks>
public abstract class Layer
{
    private readonly LayerScope _scope;
    private readonly List<Parameter> _parameters = [];
    private readonly List<LayerBuffer> _buffers = [];

    /// <summary>Makes a layer without parameters; the derived constructor adds them.</summary>
    /// <param name="scope">The prefix of names and the seed.</param>
    protected Layer(LayerScope scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        _scope = scope;
    }

    /// <summary>All parameters, those of inner layers included, in the order in which they were added.</summary>
    public IReadOnlyList<Parameter> Parameters => _parameters;

    /// <summary>All buffers, those of inner layers included, in the order in which they were added.</summary>
    public IReadOnlyList<LayerBuffer> Buffers => _buffers;

    /// <summary>The number of trainable numbers.</summary>
    public long ParameterCount
    {
        get
        {
            long count = 0;
            foreach (Parameter parameter in _parameters)
            {
                count += parameter.Length;
            }

            return count;
        }
    }

    /// <summary>
    /// Marks all parameters as having no gradient, before the first micro-batch of a step: the backward pass then overwrites what is there.
    /// </summary>
    public void ResetGradients()
    {
        foreach (Parameter parameter in _parameters)
        {
            parameter.HasGradient = false;
        }
    }

    /// <summary>Makes a parameter of this layer and fills in its initial values.</summary>
    /// <param name="name">Its name inside the layer.</param>
    /// <param name="initialization">Its initial values.</param>
    /// <param name="shape">Its dimensions.</param>
    protected Parameter AddParameter(string name, Initialization initialization, params ReadOnlySpan<int> shape)
    {
        string fullName = _scope.FullName(name);
        Parameter parameter = new(fullName, shape);
        initialization.Fill(parameter.Values.Span, _scope.Random(fullName));
        _parameters.Add(parameter);
        return parameter;
    }

    /// <summary>Makes a buffer of this layer.</summary>
    /// <param name="name">Its name inside the layer.</param>
    /// <param name="value">The initial value of all its numbers.</param>
    /// <param name="shape">Its dimensions.</param>
    protected LayerBuffer AddBuffer(string name, float value, params ReadOnlySpan<int> shape)
    {
        LayerBuffer buffer = new(_scope.FullName(name), shape, value);
        _buffers.Add(buffer);
        return buffer;
    }

    /// <summary>Takes in an inner layer: its parameters and buffers become this layer's too.</summary>
    /// <typeparam name="TLayer">The inner layer's type.</typeparam>
    /// <param name="layer">The inner layer, complete.</param>
    /// <returns><paramref name="layer"/>.</returns>
    protected TLayer Add<TLayer>(TLayer layer)
        where TLayer : Layer
    {
        ArgumentNullException.ThrowIfNull(layer);
        _parameters.AddRange(layer._parameters);
        _buffers.AddRange(layer._buffers);
        return layer;
    }
}
