using Residuum.Numerics;
using Residuum.Optimizers;

namespace Residuum.Training.Differentiation;

/// <summary>A row-major float32 array that takes part in one step: an input, a parameter, or what an operation computed.</summary>
/// <remarks>
/// Tensors are made by a <see cref="Tape"/> and live until its next <see cref="Tape.Begin"/>, which reuses their memory; copy what must
/// outlive the step. Most layers see a tensor as a matrix: <see cref="Columns"/> is the last dimension, <see cref="Rows"/> the product of
/// the others.
/// </remarks>
public sealed class Tensor
{
    private const int HighestRank = 6;

    private readonly int[] _shape = new int[HighestRank];
    private int _rank;
    private int _length;
    private Memory<float> _values;
    private Memory<float> _gradient;
    private PooledBuffer? _valueBuffer;
    private PooledBuffer? _gradientBuffer;
    private Parameter? _parameter;
    private IGradientHolder? _gradients;

    internal Tensor()
    {
    }

    /// <summary>The dimensions, the last one contiguous; empty for a scalar.</summary>
    public ReadOnlySpan<int> Shape => _shape.AsSpan(0, _rank);

    /// <summary>The number of entries.</summary>
    public int Length => _length;

    /// <summary>The last dimension; 1 for a scalar.</summary>
    public int Columns => _rank == 0 ? 1 : _shape[_rank - 1];

    /// <summary>The number of vectors along the last dimension.</summary>
    public int Rows => Columns == 0 ? 0 : Length / Columns;

    /// <summary>
    /// The entries; none of a parameter whose values are lent (<see cref="Tape.Values"/>) but for the operation that it was used for.
    /// </summary>
    public Span<float> Values => _values.Span;

    /// <summary>Whether the loss is to be differentiated with respect to this tensor.</summary>
    public bool RequiresGradient { get; internal set; }

    /// <summary>Whether the backward pass has reached this tensor, so that <see cref="Gradient"/> holds something.</summary>
    public bool HasGradient { get; private set; }

    /// <summary>The derivative of the loss by each entry, as far as it has been added up.</summary>
    /// <exception cref="InvalidOperationException">The backward pass has not reached this tensor, or has already let its gradient
    /// go.</exception>
    public Span<float> Gradient => HasGradient
        ? _gradient.Span
        : throw new InvalidOperationException(
            $"The tensor of shape {TensorShape.Format(Shape)} has no gradient: the backward pass has not reached it or is done with it.");

    /// <summary>The tensor as a matrix of <see cref="Rows"/> x <see cref="Columns"/>.</summary>
    internal MatrixLayout Layout => new(Rows, Columns);

    internal void Attach(PooledBuffer buffer, ReadOnlySpan<int> shape)
    {
        SetShape(shape);
        _valueBuffer = buffer;
        _values = buffer.Memory[.._length];
    }

    internal void Attach(Parameter parameter, IGradientHolder? gradients)
    {
        SetShape(parameter.Shape);
        _parameter = parameter;
        _gradients = gradients;
        _values = parameter.Values;
        RequiresGradient = true;
    }

    /// <summary>The parameter whose tensor this is.</summary>
    internal Parameter Parameter => _parameter!;

    /// <summary>Sees the values that the parameter has now: lent ones, or none.</summary>
    internal void SeeValues() => _values = _parameter!.Values;

    /// <summary>
    /// Makes the gradient ready to be written. Returns whether it already holds a sum to add to; if not, its content is undefined.
    /// </summary>
    internal bool PrepareGradient(BufferPool pool)
    {
        bool holdsSum = HasGradient;
        if (_parameter is { } parameter)
        {
            _gradients?.Lend(parameter);

            // A parameter's gradient lives beyond the step: further micro-batches add to it, and all of them where it holds an error.
            holdsSum |= parameter.HasGradient || parameter.GradientHoldsError;
            parameter.HasGradient = true;
            _gradient = parameter.Gradient;
        }
        else if (!HasGradient)
        {
            _gradientBuffer = pool.Rent(Length);
            _gradient = _gradientBuffer.Memory[..Length];
        }

        HasGradient = true;
        return holdsSum;
    }

    internal void ReleaseGradient(BufferPool pool)
    {
        if (_gradientBuffer is { } buffer)
        {
            pool.Return(buffer);
        }

        _gradientBuffer = null;
        _gradient = default;
        HasGradient = false;
    }

    internal void Release(BufferPool pool)
    {
        ReleaseGradient(pool);
        if (_valueBuffer is { } buffer)
        {
            pool.Return(buffer);
        }

        _valueBuffer = null;
        _values = default;
        _length = 0;
        _parameter = null;
        _gradients = null;
        RequiresGradient = false;
    }

    private void SetShape(ReadOnlySpan<int> shape)
    {
        if (shape.Length > HighestRank)
        {
            throw new ArgumentException(
                $"A tensor has at most {HighestRank} dimensions, but got the shape {TensorShape.Format(shape)}.", nameof(shape));
        }

        shape.CopyTo(_shape);
        _rank = shape.Length;
        _length = TensorShape.ElementCount(shape, "of the tape");
    }
}
