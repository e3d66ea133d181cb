using Residuum.Numerics;

namespace Residuum.Optimizers;

/// <summary>
/// Passes over all parameters that have a gradient, stretch by stretch, shared between threads; what a pass returns is added up per
/// parameter.
/// </summary>
/// <remarks>
/// For methods that need sums over rows, columns or whole tensors before they can update. Sums are taken in an order that follows from
/// shapes alone.
/// </remarks>
internal sealed class RowPasses : IWork
{
    private readonly IReadOnlyList<Parameter> _parameters;
    private readonly int[] _stretches;
    private readonly WorkSharing _work;
    private readonly WorkPlan _plan;
    private readonly double[] _sumOfPiece;
    private readonly double[] _sums;
    private RowPass? _pass;

    /// <summary>Cuts the parameters.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="stretch">The entries of a parameter that are treated at once: whole rows.</param>
    /// <param name="granule">The entries of a parameter that one thread must work on: a multiple of what is treated at once, or 1.</param>
    /// <param name="work">The threads.</param>
    public RowPasses(IReadOnlyList<Parameter> parameters, Func<int, int> stretch, Func<int, int> granule, WorkSharing work)
    {
        _parameters = parameters;
        _work = work;
        _stretches = [.. Enumerable.Range(0, parameters.Count).Select(stretch)];
        _plan = WorkPlan.Create([.. parameters.Select(parameter => parameter.Length)], granule);
        _sumOfPiece = new double[_plan.Pieces.Length];
        _sums = new double[parameters.Count];
    }

    /// <summary>The bytes of <see cref="NewScratch"/>.</summary>
    /// <param name="longest">The most entries that are treated at once.</param>
    /// <param name="threads">How many threads a step may use.</param>
    public static long ScratchBytes(int longest, int threads) => (long)threads * ScratchArea.BytesOf<float>(longest);

    /// <summary>Working memory for what is treated at once, for each worker.</summary>
    public Scratch NewScratch() =>
        new(
            _work.Threads,
            ScratchArea.BytesOf<float>(_stretches.Zip(_parameters, (stretch, parameter) => Math.Min(stretch, parameter.Length)).Max()));

    /// <summary>What the last pass returned for the stretches of a parameter, added up.</summary>
    /// <param name="index">The parameter's position.</param>
    public double SumOf(int index) => _sums[index];

    /// <summary>Runs a pass.</summary>
    /// <param name="pass">What to do with every stretch.</param>
    public void Run(RowPass pass)
    {
        _pass = pass;
        _work.Run(this, _plan.Chunks);
        _pass = null;
        Array.Clear(_sums);
        for (int i = 0; i < _sumOfPiece.Length; i++)
        {
            _sums[_plan.Pieces[i].Tensor] += _sumOfPiece[i];
        }
    }

    void IWork.Run(int chunk, int worker)
    {
        int place = _plan.FirstPiece(chunk);
        foreach (WorkPlan.Piece piece in _plan.Chunk(chunk))
        {
            double sum = 0;
            int stretch = _stretches[piece.Tensor];
            for (int start = piece.Start; _parameters[piece.Tensor].HasGradient && start < piece.Start + piece.Length; start += stretch)
            {
                sum += _pass!(piece.Tensor, new Row(start, Math.Min(stretch, piece.Start + piece.Length - start)), worker);
            }

            _sumOfPiece[place++] = sum;
        }
    }

    /// <summary>A stretch of a tensor.</summary>
    /// <param name="Start">Its first entry.</param>
    /// <param name="Length">Its entries.</param>
    internal readonly record struct Row(int Start, int Length)
    {
        /// <summary>This part of a tensor's weights, gradient or state.</summary>
        /// <param name="tensor">All of it.</param>
        public Span<float> Of(Memory<float> tensor) => tensor.Span.Slice(Start, Length);

        /// <summary>This part of a tensor's state.</summary>
        /// <param name="tensor">All of it.</param>
        public Span<float> Of(float[] tensor) => tensor.AsSpan(Start, Length);
    }
}
