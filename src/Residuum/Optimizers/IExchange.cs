using Residuum.State;

namespace Residuum.Optimizers;

/// <summary>
/// What joins the ranks of a distributed run: the seam between whoever takes steps and whoever moves data between processes.
/// </summary>
/// <remarks>
/// A step is <see cref="BeforeStep"/>, then the optimizer's own step if that was applied, then <see cref="AfterStep"/>. All ranks call
/// all members in the same order.
/// </remarks>
public interface IExchange
{
    /// <summary>This process among the ranks, from 0.</summary>
    int Rank { get; }

    /// <summary>How many ranks there are, at least 1.</summary>
    int Size { get; }

    /// <summary>The bytes of what this rank remembers for the exchange: error memories and the like, counters aside.</summary>
    long StateBytes { get; }

    /// <summary>What an exchanged step has sent and cost so far.</summary>
    ExchangeAccount Account { get; }

    /// <summary>What has the memory of all gradients, where they are divided between the ranks; null where each rank has its own.</summary>
    IGradientHolder? Gradients => null;

    /// <summary>What has the values of the parameters, where they are divided between the ranks; null where each rank has all.</summary>
    IValueHolder? Values => null;

    /// <summary>Replaces the gradients of this rank by those that all ranks step by.</summary>
    /// <returns>Not applied if a gradient of some rank is not finite and the policy says to skip: then nobody takes the step.</returns>
    /// <exception cref="NonFiniteGradientException">
    /// A gradient of some rank is not finite and the policy says to throw, on all ranks.
    /// </exception>
    StepReport BeforeStep();

    /// <summary>Gathers what the step left divided between the ranks.</summary>
    void AfterStep();

    /// <summary>Adds numbers over all ranks, in rank order.</summary>
    /// <param name="values">This rank's numbers, then the sums.</param>
    void Sum(Span<double> values);

    /// <summary>Replaces numbers by their mean over all ranks.</summary>
    /// <param name="values">This rank's numbers, then the means.</param>
    void Average(Span<float> values);

    /// <summary>Gathers what the ranks remember and adds it to a checkpoint that rank 0 is going to write, under names that begin with
    /// <c>exchange.</c>.</summary>
    /// <remarks>
    /// What is divided between the ranks rank 0 gathers tensor by tensor while it writes, which it must do before the ranks meet again; on
    /// the other ranks this returns when it has done so.
    /// </remarks>
    /// <param name="content">The checkpoint's content, the optimizer's included.</param>
    void AddTo(CheckpointContent content);

    /// <summary>
    /// Prepares to take back what <see cref="AddTo"/> wrote, on the same or another number of ranks, when the content is loaded.
    /// </summary>
    /// <param name="content">What is loaded by this rank.</param>
    /// <param name="path">The checkpoint that it is loaded from.</param>
    void Resume(CheckpointContent content, string path);
}
