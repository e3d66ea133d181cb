using Residuum.Numerics;
using Residuum.Optimizers;

namespace Residuum.Training.Differentiation;

/// <summary>Records the operations of a forward pass and walks them backwards (reverse-mode differentiation).</summary>
/// <remarks>
/// <para>
/// A tape is also the context of a step: the threads that share its work, the seed and step number that random numbers are made from,
/// and whether the step trains. There is no other state, so two tapes do not disturb each other; one tape serves one thread.
/// </para>
/// <para>
/// The memory of all tensors and operations belongs to the tape and is reused by the next step, so that a training loop's working set
/// is flat. Results are the same bits for any number of threads.
/// </para>
/// <code>
/// Tape tape = new(new WorkSharing(threads: 2), seed: 1);
/// for (long step = 0; step &lt; steps; step++)
/// {
///     model.ResetGradients();
///     tape.Begin(step, training: true);
///     Tensor logits = model.Forward(tape, tape.Input(images, batch, 784));
///     Tensor loss = CrossEntropyOperation.Apply(tape, logits, labels);
///     tape.Backward(loss);
///     optimizer.Step();
/// }
/// </code>
/// </remarks>
public sealed class Tape
{
    private readonly BufferPool _pool = new();
    private readonly List<Tensor> _tensors = [];
    private readonly List<Operation> _recorded = [];
    private readonly Dictionary<Type, OperationPool> _operations = [];
    private readonly Dictionary<Type, object> _works = [];
    private readonly Dictionary<Parameter, Tensor> _parameters = [];
    private readonly List<(Parameter Parameter, int Operation)> _firstUses = [];
    private readonly LentValues? _lentValues;
    private int _usedTensors;

    /// <summary>Makes a tape.</summary>
    /// <param name="work">Shares the work of each operation between threads.</param>
    /// <param name="seed">The seed of the random numbers drawn in a step (dropout).</param>
    /// <param name="gradients">What has the memory for the parameters' gradients; null if they have their own.</param>
    /// <param name="values">What has the parameters' values; null if they have them themselves.</param>
    public Tape(WorkSharing work, ulong seed = 0, IGradientHolder? gradients = null, IValueHolder? values = null)
    {
        ArgumentNullException.ThrowIfNull(work);
        Work = work;
        Seed = seed;
        Gradients = gradients;
        Values = values;
        _lentValues = values is null ? null : new LentValues(values);
    }

    /// <summary>The threads.</summary>
    public WorkSharing Work { get; }

    /// <summary>The seed of the random numbers drawn in a step.</summary>
    public ulong Seed { get; }

    /// <summary>What has the memory for the parameters' gradients; null if they have their own.</summary>
    public IGradientHolder? Gradients { get; }

    /// <summary>What has the parameters' values; null if they have them themselves.</summary>
    public IValueHolder? Values { get; }

    /// <summary>The number of the step, as given to <see cref="Begin"/>.</summary>
    public long Step { get; private set; }

    /// <summary>The number of the micro-batch within the step, as given to <see cref="Begin"/>.</summary>
    public int MicroBatch { get; private set; }

    /// <summary>Whether operations are recorded and layers behave as in training (dropout, statistics of the batch).</summary>
    public bool Training { get; private set; }

    /// <summary>The bytes of the buffers that this tape has made: its working set.</summary>
    public long PooledBytes => _pool.AllocatedBytes;

    /// <summary>Starts a forward pass. All tensors of the one before become invalid: their memory is reused.</summary>
    /// <param name="step">The number of the step; together with the seed it determines what dropout drops.</param>
    /// <param name="training">False to evaluate: nothing is recorded, dropout is off, batch normalization uses its running
    /// statistics.</param>
    /// <param name="microBatch">The number of the micro-batch when several add up their gradients in one step.</param>
    public void Begin(long step, bool training, int microBatch = 0)
    {
        for (int i = 0; i < _usedTensors; i++)
        {
            _tensors[i].Release(_pool);
        }

        foreach (OperationPool operations in _operations.Values)
        {
            operations.Reset();
        }

        _usedTensors = 0;
        _recorded.Clear();
        _parameters.Clear();
        _firstUses.Clear();
        _lentValues?.Begin();
        Step = step;
        MicroBatch = microBatch;
        Training = training;
    }

    /// <summary>Copies data into a tensor that needs no gradient.</summary>
    /// <param name="values">The entries, row-major.</param>
    /// <param name="shape">The dimensions.</param>
    /// <exception cref="ArgumentException">The number of values is not that of the shape.</exception>
    public Tensor Input(ReadOnlySpan<float> values, params ReadOnlySpan<int> shape)
    {
        int length = TensorShape.ElementCount(shape, "input");
        if (values.Length != length)
        {
            throw new ArgumentException(
                $"An input of shape {TensorShape.Format(shape)} needs {length} values, but got {values.Length}.", nameof(values));
        }

        Tensor tensor = Result(requiresGradient: false, shape);
        values.CopyTo(tensor.Values);
        return tensor;
    }

    /// <summary>
    /// The tensor of a parameter: its values and gradient in place, not copies. The same tensor for each use within a step.
    /// </summary>
    /// <remarks>
    /// Where <see cref="Values"/> lends them, the values are there for the next recorded operation: use a parameter right before it, and
    /// again for each other one.
    /// </remarks>
    /// <param name="parameter">The parameter.</param>
    public Tensor Use(Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        if (!_parameters.TryGetValue(parameter, out Tensor? tensor))
        {
            tensor = NewTensor();
            tensor.Attach(parameter, Gradients);
            _parameters.Add(parameter, tensor);
            _firstUses.Add((parameter, _recorded.Count));
        }

        _lentValues?.Lend(tensor, _recorded.Count);
        return tensor;
    }

    /// <summary>A tensor for an operation's result; its content is undefined.</summary>
    /// <param name="requiresGradient">Whether an input of the operation requires a gradient.</param>
    /// <param name="shape">The dimensions.</param>
    public Tensor Result(bool requiresGradient, params ReadOnlySpan<int> shape)
    {
        Tensor tensor = NewTensor();
        tensor.Attach(_pool.Rent(TensorShape.ElementCount(shape, "result")), shape);
        tensor.RequiresGradient = requiresGradient && Training;
        return tensor;
    }

    /// <summary>A tensor for an operation's result, of shape [..., columns].</summary>
    internal Tensor ResultOfWidth(bool requiresGradient, ReadOnlySpan<int> leading, int columns)
    {
        Span<int> shape = stackalloc int[leading.Length + 1];
        leading.CopyTo(shape);
        shape[^1] = columns;
        return Result(requiresGradient, shape);
    }

    /// <summary>An operation object to fill in and <see cref="Record"/>; it may have served an earlier step.</summary>
    /// <typeparam name="TOperation">The operation.</typeparam>
    public TOperation Rent<TOperation>()
        where TOperation : Operation, new()
    {
        if (!_operations.TryGetValue(typeof(TOperation), out OperationPool? pool))
        {
            pool = new OperationPool();
            _operations.Add(typeof(TOperation), pool);
        }

        return pool.Rent<TOperation>();
    }

    /// <summary>
    /// Notes that <paramref name="operation"/> computed <paramref name="output"/>, to be differentiated if the output requires a gradient.
    /// </summary>
    /// <param name="operation">The operation.</param>
    /// <param name="output">Its result.</param>
    /// <returns><paramref name="output"/>.</returns>
    public Tensor Record(Operation operation, Tensor output)
    {
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(output);
        operation.Output = output;
        if (output.RequiresGradient)
        {
            _recorded.Add(operation);
        }

        _lentValues?.Release();
        return output;
    }

    /// <summary>Differentiates <paramref name="loss"/> by all parameters used in this step, adding to their gradients.</summary>
    /// <param name="loss">A tensor of one entry.</param>
    /// <param name="scale">The derivative to start from: 1 over the number of micro-batches when their gradients are averaged.</param>
    /// <remarks>Gradients of intermediate results are let go as soon as they have been passed on.</remarks>
    /// <exception cref="ArgumentException"><paramref name="loss"/> has more than one entry.</exception>
    /// <exception cref="InvalidOperationException">The loss depends on no parameter, or the step was begun with training:
    /// false.</exception>
    public void Backward(Tensor loss, float scale = 1)
    {
        ArgumentNullException.ThrowIfNull(loss);
        if (loss.Length != 1)
        {
            throw new ArgumentException(
                $"Backward starts from a loss of one entry, but got the shape {TensorShape.Format(loss.Shape)}.", nameof(loss));
        }

        if (!loss.RequiresGradient)
        {
            throw new InvalidOperationException(
                "The loss requires no gradient: it depends on no parameter, or the step was begun with training: false.");
        }

        GradientToAddTo(loss)[0] += scale;
        int incomplete = _firstUses.Count;
        for (int i = _recorded.Count - 1; i >= 0; i--)
        {
            Operation operation = _recorded[i];
            if (operation.Output.HasGradient)
            {
                _lentValues?.LendAgain(i, isRead: operation.BackwardReadsParameters);
                operation.Backward(this);
                _lentValues?.Release();
                operation.Output.ReleaseGradient(_pool);
            }

            // Nothing recorded before a parameter's first use can depend on it: its gradient is complete.
            while (incomplete > 0 && _firstUses[incomplete - 1].Operation >= i)
            {
                incomplete--;
                Gradients?.Take(_firstUses[incomplete].Parameter);
            }
        }
    }

    /// <summary>The gradient of <paramref name="tensor"/>, to be added to: zeros if nothing has been added yet.</summary>
    /// <param name="tensor">An operation's input.</param>
    public Span<float> GradientToAddTo(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (!PrepareGradient(tensor))
        {
            tensor.Gradient.Clear();
        }

        return tensor.Gradient;
    }

    /// <summary>
    /// The gradient of <paramref name="tensor"/> for operations that can write as well as add, which saves a pass over it: returns whether
    /// it holds a sum to add to; if not, its content is undefined and the caller must write all of it.
    /// </summary>
    internal bool PrepareGradient(Tensor tensor) => tensor.PrepareGradient(_pool);

    /// <summary>
    /// Memory with undefined content for the time of one operation; what the backward pass needs later is a <see cref="Result"/>.
    /// </summary>
    internal Scratch RentScratch(int length) => new(_pool, length);

    /// <summary>Runs an element-wise kernel over <paramref name="length"/> elements on all threads.</summary>
    internal void ForElements<TKernel>(in TKernel kernel, int length)
        where TKernel : struct, ILaneKernel => WorkOf<LaneWork<TKernel>>().Share(Work, kernel, length);

    /// <summary>Runs a kernel over <paramref name="rows"/> independent rows on all threads.</summary>
    internal void ForRows<TKernel>(in TKernel kernel, int rows, int rowsPerChunk)
        where TKernel : struct, IRowKernel => WorkOf<RowWork<TKernel>>().Share(Work, kernel, rows, Math.Max(rowsPerChunk, 1));

    private TWork WorkOf<TWork>()
        where TWork : class, new()
    {
        if (!_works.TryGetValue(typeof(TWork), out object? work))
        {
            work = new TWork();
            _works.Add(typeof(TWork), work);
        }

        return (TWork)work;
    }

    private Tensor NewTensor()
    {
        if (_usedTensors == _tensors.Count)
        {
            _tensors.Add(new Tensor());
        }

        return _tensors[_usedTensors++];
    }
}
