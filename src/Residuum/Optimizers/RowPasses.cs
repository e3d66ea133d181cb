using Residuum.Numerics;

namespace Residuum.Optimizers;

/// <summary>
/// Passes over all parameters that have a gradient, stretch by stretch, shared between threads; what a pass returns is added up per
/// parameter.
/// </summary>
/// <remarks>
/// For methods that need sums over rows, columns or whole tensors before they can update. A tensor that the caches hold is taken through
/// all passes by one thread, so that only the first reads it from memory; a larger one is shared between the threads, pass by pass. Which
/// is which depends on the number of threads and changes no bit: sums are taken in an order that follows from shapes alone.
/// </remarks>
internal sealed class RowPasses : IWork
{
    // 4 MB of gradient.
    private const int MostInCache = 1 << 20;

    // A tensor of one thread is at most this part of the thread's share of all, so that threads end at much the same time.
    private const int TensorsOfThread = 4;

    private readonly IReadOnlyList<Parameter> _parameters;
    private readonly int[] _stretches;
    private readonly WorkSharing _work;
    private readonly WorkPlan _plan;
    private readonly WorkPlan _wholes;
    private readonly bool[] _isWhole;
    private readonly int[] _firstPiece;
    private readonly double[] _sumOfPiece;
    private RowStage[] _stages = [];
    private RowPass? _shared;

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
        int[] lengths = [.. parameters.Select(parameter => parameter.Length)];
        _plan = WorkPlan.Create(lengths, granule);
        _sumOfPiece = new double[_plan.Pieces.Length];
        _firstPiece = FirstPieces(_plan, lengths.Length);

        long share = lengths.Sum(length => (long)length) / (TensorsOfThread * work.Threads);
        long most = work.Threads == 1 ? MostInCache : Math.Min(MostInCache, share);
        _isWhole = [.. lengths.Select(length => length <= most)];
        _wholes = WorkPlan.Create([.. lengths.Select(length => length <= most ? length : 0)], i => Math.Max(1, lengths[i]));
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

    /// <summary>Whether a parameter is small enough for the caches to hold it from pass to pass.</summary>
    /// <param name="index">The parameter's position.</param>
    public bool IsInCache(int index) => _isWhole[index];

    /// <summary>Takes every parameter that has a gradient through passes, one after the other.</summary>
    /// <param name="stages">The passes and what comes between them.</param>
    public void Run(RowStage[] stages)
    {
        foreach (RowStage stage in Array.IndexOf(_isWhole, false) >= 0 ? stages : [])
        {
            _shared = stage.Pass;
            _work.Run(this, _plan.Chunks);
            for (int i = 0; i < _parameters.Count; i++)
            {
                if (!_isWhole[i] && _parameters[i].HasGradient)
                {
                    stage.Then?.Invoke(i, SumOfPieces(i));
                }
            }
        }

        _shared = null;
        _stages = stages;
        _work.Run(this, _wholes.Chunks);
    }

    void IWork.Run(int chunk, int worker)
    {
        if (_shared is null)
        {
            RunWholes(chunk, worker);
            return;
        }

        int place = _plan.FirstPiece(chunk);
        foreach (WorkPlan.Piece piece in _plan.Chunk(chunk))
        {
            if (!_isWhole[piece.Tensor] && _parameters[piece.Tensor].HasGradient)
            {
                RunPiece(_shared, place, worker);
            }

            place++;
        }
    }

    private static int[] FirstPieces(WorkPlan plan, int tensors)
    {
        int[] first = new int[tensors + 1];
        foreach (WorkPlan.Piece piece in plan.Pieces)
        {
            first[piece.Tensor + 1]++;
        }

        for (int i = 0; i < tensors; i++)
        {
            first[i + 1] += first[i];
        }

        return first;
    }

    private void RunWholes(int chunk, int worker)
    {
        foreach (WorkPlan.Piece whole in _wholes.Chunk(chunk))
        {
            foreach (RowStage stage in _parameters[whole.Tensor].HasGradient ? _stages : [])
            {
                for (int place = _firstPiece[whole.Tensor]; place < _firstPiece[whole.Tensor + 1]; place++)
                {
                    RunPiece(stage.Pass, place, worker);
                }

                stage.Then?.Invoke(whole.Tensor, SumOfPieces(whole.Tensor));
            }
        }
    }

    private void RunPiece(RowPass pass, int place, int worker)
    {
        WorkPlan.Piece piece = _plan.Pieces[place];
        int stretch = _stretches[piece.Tensor];
        int end = piece.Start + piece.Length;
        double sum = 0;
        for (int start = piece.Start; start < end; start += stretch)
        {
            sum += pass(piece.Tensor, new Row(start, Math.Min(stretch, end - start)), worker);
        }

        _sumOfPiece[place] = sum;
    }

    private double SumOfPieces(int index)
    {
        double sum = 0;
        for (int place = _firstPiece[index]; place < _firstPiece[index + 1]; place++)
        {
            sum += _sumOfPiece[place];
        }

        return sum;
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
