using Residuum.Compression;
using Residuum.Numerics;
using Residuum.Preconditioning;
using Residuum.State;

namespace Residuum.Optimizers;

/// <summary>The step that all methods with a window of gradients share (methods page of EFCP, 1.2).</summary>
/// <remarks>
/// The parameters of all groups, one after another, are one vector of d entries. With t counted from 1 and slot = (t - 1) mod m:
/// <code>
/// g = gradient, + lambda w with decay l2      (1)
/// a = e + g                                   (2)
/// c = what the window keeps of a              (3)  row slot of the window
/// e = a - c                                   (4)
/// K = products of c with all rows             (5)
/// u = preconditioner of the window, c included, applied to c      (6)  a combination of the rows
/// w = decay w - eta u, or - eta v with momentum                   (7)
/// </code>
/// A parameter without a gradient is skipped: its part of the row is zero, and neither its error nor its values change; the others go on.
/// </remarks>
public abstract class WindowOptimizer : Optimizer, IWork
{
    // What is one for the whole vector cannot differ between groups.
    private static readonly string[] OptionsOfTheVector =
        ["window", "fisherCount", "clipUpdateNorm", "gramJitter", "density", "topKBlockSize", "windowValues"];

    private readonly WindowTensor[] _tensors;
    private readonly WorkPlan _plan;
    private readonly Scratch _rows;
    private readonly double[] _squares;
    private readonly double _clipNorm;
    private Pass _pass;
    private double _scale;

    private protected WindowOptimizer(
        IReadOnlyList<ParameterGroup> groups,
        StepSettings? settings,
        Func<Parameter, WindowOptions, ErrorMemory.ErrorMemory> error,
        WindowMaker window)
        : base(groups, settings)
    {
        RequireAgreement(groups);
        WindowOptions options = (WindowOptions)groups[0].Options;
        _clipNorm = options.ClipUpdateNorm;
        _tensors = new WindowTensor[Parameters.Count];
        long length = 0;
        for (int i = 0; i < _tensors.Length; i++)
        {
            _tensors[i] = new WindowTensor(Parameters[i], GroupOf(i), (int)length, error(Parameters[i], (WindowOptions)GroupOf(i).Options));
            length += Parameters[i].Length;
            if (length > FlatVector.LongestLength)
            {
                throw new ArgumentException(
                    $"The parameters have more than {FlatVector.LongestLength} entries together; the method sees them as one vector.",
                    nameof(groups));
            }
        }

        Vector = new FlatVector((int)length);
        Gram = new WindowGram(options.Window);
        Window = window(_tensors, Vector, Work);
        _rows = new Scratch(1, RowsBytes(options.Window));
        _plan = WorkPlan.Create([.. Parameters.Select(parameter => parameter.Length)], i => _tensors[i].Error.Granule);
        _squares = new double[_plan.Pieces.Length];
        foreach (WindowTensor tensor in _tensors)
        {
            AddStateOf(tensor);
        }

        foreach (StateField field in (IEnumerable<StateField>)[.. Window.State(), .. Gram.State()])
        {
            AddState(field);
        }
    }

    /// <summary>Makes the window over all parameters.</summary>
    internal delegate GradientWindow WindowMaker(IReadOnlyList<WindowTensor> tensors, FlatVector vector, WorkSharing work);

    private enum Pass
    {
        Correct,
        KeepRest,
        Measure,
        Apply,
    }

    /// <inheritdoc/>
    /// <remarks>The window is read twice, for scalar products and for the combination.</remarks>
    public override double StepTrafficBytes => (2.0 * StateBytes) + (12.0 * Vector.Length);

    private protected WindowGram Gram { get; }

    /// <summary>a, what is left of it, and u.</summary>
    private protected FlatVector Vector { get; }

    private protected GradientWindow Window { get; }

    private protected ReadOnlySpan<WindowTensor> Tensors => _tensors;

    /// <inheritdoc/>
    protected sealed override void Update()
    {
        RequireOneValue();
        Gram.Advance();
        Run(Pass.Correct);                                                  // (1), (2)
        Span<double> products = Rows(0);
        products.Clear();
        Window.Insert(Gram.Slot, Gram.Filled, products);                   // (3), (5)
        Run(Pass.KeepRest);                                                 // (4)
        Gram.Replace(products);
        Precondition(products, Rows(1));                                    // (6)
        _scale = ClippingFactor();
        Run(Pass.Apply);                                                    // (7)
    }

    void IWork.Run(int chunk, int worker)
    {
        int index = _plan.FirstPiece(chunk);
        foreach (WorkPlan.Piece piece in _plan.Chunk(chunk))
        {
            WindowTensor tensor = _tensors[piece.Tensor];
            Span<float> vector = Vector.Span.Slice(tensor.Offset + piece.Start, piece.Length);
            if (tensor.Parameter.HasGradient)
            {
                switch (_pass)
                {
                    case Pass.Correct:
                        Correct(tensor, piece.Start, vector);
                        break;
                    case Pass.KeepRest:
                        tensor.Error.Update(vector, piece.Start);
                        break;
                    case Pass.Measure:
                        _squares[index] = DoubleProducts.Dot(vector, vector);
                        break;
                    default:
                        Apply(tensor, piece.Start, vector);
                        break;
                }
            }
            else if (_pass == Pass.Correct)
            {
                vector.Clear();
            }
            else if (_pass == Pass.Measure)
            {
                _squares[index] = 0;
            }

            index++;
        }
    }

    /// <summary>The bytes of scratch that every method needs: the vector, and products and weights of the rows.</summary>
    internal static long CommonScratchBytes(long length, int window) => FlatVector.BytesOf(length) + RowsBytes(window);

    internal static FieldSpec MomentumField(ReadOnlySpan<int> shape) => new("momentum", ElementType.F32, FieldSpec.Dimensions(shape));

    /// <summary>The parameters as a plan sees them.</summary>
    private protected IReadOnlyList<(ShapedParameter Parameter, TOptions Options)> Shapes<TOptions>()
        where TOptions : WindowOptions =>
        [.. _tensors.Select(tensor => (new ShapedParameter(tensor.Parameter.Name, [.. tensor.Parameter.Shape]), (TOptions)tensor.Options))];

    /// <summary>At a step, what the preconditioner depends on must be the same in all groups.</summary>
    private protected abstract void RequireOneValue();

    /// <summary>Fills the vector with u.</summary>
    /// <param name="products">The new row of K; free for other use.</param>
    /// <param name="weights">A place per filled row.</param>
    private protected abstract void Precondition(Span<double> products, Span<double> weights);

    /// <summary>The factor of u in the momentum of a tensor, and of the old momentum; null where there is none.</summary>
    private protected abstract (double Old, double New)? MomentumOf(WindowTensor tensor);

    private protected static ArgumentException Disagreement(string option) =>
        new($"The groups differ in {option}; the method sees all parameters as one vector and needs one value.", option);

    private static long RowsBytes(int window) => 2 * ScratchArea.BytesOf<double>(window);

    private static void RequireAgreement(IReadOnlyList<ParameterGroup> groups)
    {
        Dictionary<string, string> first = new(groups[0].Options.FixedValues, StringComparer.Ordinal);
        foreach (ParameterGroup group in groups)
        {
            foreach ((string name, string value) in group.Options.FixedValues)
            {
                if (OptionsOfTheVector.Contains(name) && first[name] != value)
                {
                    throw Disagreement(name);
                }
            }
        }
    }

    private static void Correct(WindowTensor tensor, int start, Span<float> a)
    {
        ReadOnlySpan<float> gradient = tensor.Parameter.Gradient.Span.Slice(start, a.Length);
        if (tensor.Options.WeightDecayMode == WeightDecayMode.L2 && tensor.Group.WeightDecay > 0)
        {
            VectorKernels.MultiplyAdd(gradient, (float)tensor.Group.WeightDecay, tensor.Parameter.Values.Span.Slice(start, a.Length), a);
            gradient = a;
        }

        tensor.Error.AddTo(gradient, a, start);
    }

    private void Apply(WindowTensor tensor, int start, ReadOnlySpan<float> u)
    {
        Span<float> w = tensor.Parameter.Values.Span.Slice(start, u.Length);
        double eta = tensor.Group.LearningRate;
        double decay = tensor.Options.WeightDecayMode switch
        {
            WeightDecayMode.DecoupledLr => 1 - (eta * tensor.Group.WeightDecay),
            WeightDecayMode.Decoupled => 1 - tensor.Group.WeightDecay,
            _ => 1,
        };
        if (decay != 1)
        {
            VectorKernels.Scale(w, (float)decay);
        }

        if (MomentumOf(tensor) is not var (old, fresh))
        {
            VectorKernels.MultiplyAdd(w, (float)(-eta * _scale), u, w);
            return;
        }

        Span<float> v = tensor.Momentum.AsSpan(start, u.Length);
        VectorKernels.Scale(v, (float)old);
        VectorKernels.MultiplyAdd(v, (float)(fresh * _scale), u, v);
        VectorKernels.MultiplyAdd(w, (float)-eta, v, w);
    }

    // 1, or less where the norm of u over all parameters exceeds its limit.
    private double ClippingFactor()
    {
        if (_clipNorm == 0)
        {
            return 1;
        }

        Run(Pass.Measure);
        double sum = 0;
        foreach (double square in _squares)
        {
            sum += square;
        }

        double norm = Math.Sqrt(sum);
        return norm > _clipNorm ? _clipNorm / norm : 1;
    }

    private void Run(Pass pass)
    {
        _pass = pass;
        Work.Run(this, _plan.Chunks);
    }

    private Span<double> Rows(int index)
    {
        ScratchArea area = _rows.Area(0);
        Span<double> rows = area.Take<double>(Gram.Window);
        return (index == 0 ? rows : area.Take<double>(Gram.Window))[..Gram.Filled];
    }

    private void AddStateOf(WindowTensor tensor)
    {
        foreach (StateField field in tensor.Error.State(tensor.Parameter.Name))
        {
            AddState(field);
        }

        if (tensor.Options.HasMomentum)
        {
            AddState(tensor.Parameter, MomentumField(tensor.Parameter.Shape), tensor.Momentum.AsMemory());
        }
    }
}
