using Residuum.Numerics;
using Residuum.Training.Data;
using Residuum.Training.Recipes;

namespace Residuum.Training.Online;

/// <summary>One pass over a file, in its order, by any number of learners side by side.</summary>
/// <remarks>
/// Memory is that of the learners and of a few rows, whatever the file's length. The learners share the threads; each is alone on its own.
/// </remarks>
public sealed class OnlinePass : IWork
{
    private const int RowsAtATime = 64;
    private const int PointsPerCurve = 200;

    private readonly OnlineLearner[] _learners;
    private readonly RowBatch _batch;

    private OnlinePass(OnlineLearner[] learners, RowBatch batch)
    {
        _learners = learners;
        _batch = batch;
    }

    /// <summary>Runs learners of one method that differ in rate and delta.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="choice">The optimizer with its options.</param>
    /// <param name="grid">Rates and, where not null, deltas.</param>
    /// <param name="threads">How many learners learn at once.</param>
    /// <param name="interrupted">Ends the pass early.</param>
    /// <returns>A result for every setting of the grid, in its order.</returns>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="IOException">The file has become shorter.</exception>
    /// <exception cref="OperationCanceledException">The pass was interrupted.</exception>
    public static IReadOnlyList<OnlineResult> Run(
        OnlineData data,
        OptimizerChoice choice,
        IReadOnlyList<(double Rate, double? Delta)> grid,
        int threads,
        CancellationToken interrupted = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(choice);
        ArgumentNullException.ThrowIfNull(grid);
        long rowsPerPoint = Math.Max(1, data.Rows / PointsPerCurve);
        OnlineLearner[] learners =
            [.. grid.Select(setting => new OnlineLearner(choice, setting.Rate, setting.Delta, data.Features + 1, rowsPerPoint))];
        RowBatch batch = new(RowsAtATime, data.Features);
        OnlinePass pass = new(learners, batch);
        WorkSharing work = new(threads);
        using IRowStream stream = data.Start();
        for (long row = 0; row < data.Rows; row += batch.Count)
        {
            interrupted.ThrowIfCancellationRequested();
            batch.Fill(stream, data.Rows - row);
            if (batch.Count == 0)
            {
                throw new IOException($"The file ended after {row} rows; it had {data.Rows} when it was opened.");
            }

            work.Run(pass, learners.Length);
        }

        return [.. learners.Select(learner => learner.Result())];
    }

    void IWork.Run(int chunk, int worker) => _learners[chunk].Learn(_batch);
}
