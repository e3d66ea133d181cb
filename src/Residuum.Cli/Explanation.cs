using Residuum.Distributed.Collectives;
using Residuum.Distributed.Exchange;
using Residuum.Optimizers;
using Residuum.State;
using Residuum.Training.Data;
using Residuum.Training.Trainer;

namespace Residuum.Cli;

/// <summary>What to tell the user about an error that was to be expected.</summary>
/// <param name="Sentence">One sentence.</param>
/// <param name="ExitCode">One of <see cref="Cli.ExitCode"/>.</param>
internal sealed record Explanation(string Sentence, int ExitCode)
{
    /// <summary>The explanation of an expected error; null for one that is a defect of the program and deserves its stack trace.</summary>
    /// <param name="exception">What was thrown.</param>
    public static Explanation? Of(Exception exception) => exception switch
    {
        UsageException => new(exception.Message, Cli.ExitCode.Usage),
        ArgumentException argument => new(WithoutParameter(argument), Cli.ExitCode.Usage),
        OperationCanceledException => new("interrupted.", Cli.ExitCode.Interrupted),
        NonFiniteGradientException => new(exception.Message, Cli.ExitCode.Diverged),
        CheckpointException or InitialWeightsException or SafetensorsException => new(exception.Message, Cli.ExitCode.CheckpointRefused),
        FormatException => new(exception.Message, Cli.ExitCode.Usage),
        MpiException or RankFailedException or RanksDisagreeException => new(exception.Message, Cli.ExitCode.Failure),
        DataFormatException or IOException or UnauthorizedAccessException or InvalidDataException =>
            new(exception.Message, Cli.ExitCode.Failure),
        OutOfMemoryException =>
            new("there is not enough memory for this; smaller tensors, batches or windows take less.", Cli.ExitCode.Failure),
        _ => null,
    };

    // .NET appends the parameter's name and the actual value; our sentences have both already.
    private static string WithoutParameter(ArgumentException exception)
    {
        string appended = $" (Parameter '{exception.ParamName}')";
        int end = exception.ParamName is null ? -1 : exception.Message.IndexOf(appended, StringComparison.Ordinal);
        return end < 0 ? exception.Message : exception.Message[..end];
    }
}
