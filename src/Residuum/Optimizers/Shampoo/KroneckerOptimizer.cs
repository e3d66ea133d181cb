using Residuum.Numerics;
using Residuum.Preconditioning;
using Residuum.State;

namespace Residuum.Optimizers;

/// <summary>
/// What <see cref="Shampoo"/> and <see cref="SShampoo"/> share: second moments of every axis of every block, their inverse roots applied
/// along each axis, the norm of another update taken over, momentum.
/// </summary>
/// <remarks>
/// One step of a tensor W with gradient g (page, section 5.3):
/// <code>
/// A = the grafting update of g                                            (1)
/// second moments of every axis take in g; roots where it is their turn    (2)
/// P = g times the roots along all axes; u = P |A| / |P|                   (2)  u = A for tensors and steps that are not preconditioned
/// u = u + lambda W                    decay before the momentum           (3)
/// M = x + mu M, u = x + mu M or M     x = u or (1 - mu) u                 (4)
/// u = u + lambda W                    decay after the momentum            (5)
/// W = W - eta u                                                           (6)
/// </code>
/// Factors are updated in parallel over (tensor, block, axis), largest first; products are shared between threads.
/// </remarks>
public abstract class KroneckerOptimizer : Optimizer
{
    private readonly KroneckerTensor[] _tensors;
    private readonly KroneckerScratchSizes _sizes;
    private readonly Scratch _factorScratch;
    private readonly Scratch _shared;
    private readonly FactorPass _factorPass;
    private readonly ElementPass _elementPass;

    private protected KroneckerOptimizer(IEnumerable<ParameterGroup> groups, StepSettings? settings)
        : base([.. groups], settings)
    {
        _tensors = new KroneckerTensor[Parameters.Count];
        for (int i = 0; i < _tensors.Length; i++)
        {
            _tensors[i] = new KroneckerTensor(Parameters[i], GroupOf(i));
            _sizes = _sizes.Including(_tensors[i].Layout);
            foreach (StateField field in _tensors[i].State())
            {
                AddState(field);
            }
        }

        _factorScratch = new Scratch(Settings.Threads, _sizes.FactorBytes);
        _shared = new Scratch(1, _sizes.SharedBytes);
        _factorPass = new FactorPass(_tensors, _factorScratch);
        _elementPass = new ElementPass(_shared);
    }

    /// <inheritdoc/>
    public override long ScratchBytes => _factorScratch.Bytes + _shared.Bytes;

    /// <inheritdoc/>
    /// <remarks>
    /// The gradient twice, the weights and the element-wise state read and written, the factors' state read; without their update.
    /// </remarks>
    public override double StepTrafficBytes =>
        StateBytes + _tensors.Sum(tensor =>
            (16.0 + (tensor.Layout.HasGraftingMoment ? 4 : 0) + (tensor.Layout.HasMomentum ? 4 : 0)) * tensor.Parameter.Length);

    /// <summary>The tensors, in the order of the parameters.</summary>
    private protected IReadOnlyList<KroneckerTensor> Tensors => _tensors;

    internal static MemoryPlan Plan<TOptions>(IReadOnlyList<(ShapedParameter Parameter, TOptions Options)> parameters, int threads)
        where TOptions : KroneckerOptions
    {
        List<PlannedField> fields = [];
        KroneckerScratchSizes sizes = default;
        foreach ((ShapedParameter parameter, TOptions options) in parameters)
        {
            KroneckerLayout layout = new(parameter.Name, [.. parameter.Shape], options);
            sizes = sizes.Including(layout);
            fields.AddRange(layout.Fields().Select(field => new PlannedField(parameter.Name, field)));
        }

        return new MemoryPlan(fields, sizes.Bytes(threads));
    }

    /// <inheritdoc/>
    protected override void Update()
    {
        Work.Run(_factorPass, _factorPass.Chunks);                                                          // (2)
        foreach (KroneckerTensor tensor in _tensors)
        {
            if (tensor.Parameter.HasGradient)
            {
                Step(tensor);
                tensor.Advance();
            }
        }
    }

    private void Step(KroneckerTensor tensor)
    {
        ScratchArea area = _shared.Area(0);
        Span<float> direction = area.Take<float>(_sizes.Direction)[..tensor.Parameter.Length];
        _elementPass.Graft(tensor, Work);                                                                   // (1)
        float scale = 1;
        if (tensor.IsPreconditioned)
        {
            double target = Math.Sqrt(Reductions.SumOfSquares(direction));
            Precondition(tensor, direction, area);                                                          // (2)
            if (tensor.Options.Grafting != Grafting.None)
            {
                double norm = Math.Sqrt(Reductions.SumOfSquares(direction));
                scale = norm == 0 ? 0 : (float)(target / norm);
            }
        }

        _elementPass.Descend(tensor, scale, Work);                                                          // (3) to (6)
    }

    // P, block by block.
    private void Precondition(KroneckerTensor tensor, Span<float> p, ScratchArea area)
    {
        ReadOnlySpan<float> g = tensor.Parameter.Gradient.Span;
        BlockGrid grid = tensor.Layout.Grid!;
        Span<float> spare = area.Take<float>(_sizes.Spare);
        Span<float> gathered = area.Take<float>(_sizes.Gathered);
        if (!tensor.Layout.IsCut)
        {
            g.CopyTo(p);
            Precondition(grid.Blocks[0], tensor.Factors[0], p, spare);
            return;
        }

        for (int i = 0; i < grid.Blocks.Length; i++)
        {
            Block block = grid.Blocks[i];
            Span<float> entries = gathered[..block.Length];
            grid.Gather(g, block, entries);
            Precondition(block, tensor.Factors[i], entries, spare);
            grid.Scatter(entries, block, p);
        }
    }

    private void Precondition(Block block, AxisPreconditioner[] factors, Span<float> entries, Span<float> spare)
    {
        for (int axis = 0; axis < factors.Length; axis++)
        {
            factors[axis].Apply(entries, block.Outer(axis), block.Inner(axis), spare, Work);
        }
    }

    /// <summary>The factors of all axes of all blocks of all tensors take in the gradients, the largest first.</summary>
    private sealed class FactorPass : IWork
    {
        private readonly Item[] _items;
        private readonly Scratch _scratch;

        public FactorPass(KroneckerTensor[] tensors, Scratch scratch)
        {
            _scratch = scratch;
            List<Item> items = [];
            foreach (KroneckerTensor tensor in tensors)
            {
                for (int block = 0; block < tensor.Factors.Length; block++)
                {
                    for (int axis = 0; axis < tensor.Factors[block].Length; axis++)
                    {
                        items.Add(new Item(tensor, tensor.Layout.Grid!.Blocks[block], axis, tensor.Factors[block][axis]));
                    }
                }
            }

            _items = [.. items.OrderByDescending(item => (long)item.Block.Lengths[item.Axis] * item.Block.Length)];
        }

        public int Chunks => _items.Length;

        void IWork.Run(int chunk, int worker)
        {
            Item item = _items[chunk];
            if (!item.Tensor.Parameter.HasGradient)
            {
                return;
            }

            ScratchArea scratch = _scratch.Area(worker);
            ReadOnlySpan<float> entries = item.Tensor.Parameter.Gradient.Span;
            if (item.Tensor.Layout.IsCut)
            {
                Span<float> gathered = scratch.Take<float>(item.Block.Length);
                item.Tensor.Layout.Grid!.Gather(entries, item.Block, gathered);
                entries = gathered;
            }

            Unfolding y = new(entries, item.Block.Outer(item.Axis), item.Block.Lengths[item.Axis], item.Block.Inner(item.Axis));
            item.Factor.Update(y, item.Tensor.Count, scratch);
        }

        private sealed record Item(KroneckerTensor Tensor, Block Block, int Axis, AxisPreconditioner Factor);
    }

    /// <summary>
    /// The element-wise parts of one tensor's step, shared between threads; the direction lies first in the shared scratch.
    /// </summary>
    private sealed class ElementPass(Scratch shared) : IWork
    {
        private KroneckerTensor? _tensor;
        private bool _isGrafting;
        private float _scale;

        public void Graft(KroneckerTensor tensor, WorkSharing work)
        {
            (_tensor, _isGrafting) = (tensor, true);
            work.Run(this, tensor.Plan.Chunks);
        }

        public void Descend(KroneckerTensor tensor, float scale, WorkSharing work)
        {
            (_tensor, _isGrafting, _scale) = (tensor, false, scale);
            work.Run(this, tensor.Plan.Chunks);
        }

        void IWork.Run(int chunk, int worker)
        {
            KroneckerTensor tensor = _tensor!;
            Span<float> direction = shared.Area(0).Take<float>(tensor.Parameter.Length);
            foreach (WorkPlan.Piece piece in tensor.Plan.Chunk(chunk))
            {
                Span<float> part = direction.Slice(piece.Start, piece.Length);
                if (_isGrafting)
                {
                    tensor.Graft(piece.Start, part);
                }
                else
                {
                    tensor.Descend(piece.Start, part, _scale);
                }
            }
        }
    }
}
