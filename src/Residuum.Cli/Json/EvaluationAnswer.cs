using Residuum.Training.Recipes;
using Residuum.Training.Trainer;

namespace Residuum.Cli.Json;

/// <summary>What <c>evaluate --json</c> writes; what does not apply is absent.</summary>
internal sealed record EvaluationAnswer
{
    public required string Checkpoint { get; init; }

    public required string Recipe { get; init; }

    public required string Step { get; init; }

    public double? ValidationLoss { get; init; }

    public double? ValidationAccuracy { get; init; }

    public double? ValidationBitsPerByte { get; init; }

    public double? TestLoss { get; init; }

    public double? TestAccuracy { get; init; }

    /// <summary>Of the test part, as in the rows of <c>compare</c>.</summary>
    public double? BitsPerByte { get; init; }

    /// <summary>Of the test part.</summary>
    public double? Perplexity { get; init; }

    public static EvaluationAnswer Of(SavedRun saved, EvaluationResult? validation, EvaluationResult? test) => new()
    {
        Checkpoint = saved.File,
        Recipe = saved.Recipe.Name,
        Step = saved.Step,
        ValidationLoss = validation?.Loss,
        ValidationAccuracy = validation?.Accuracy,
        ValidationBitsPerByte = validation?.BitsPerByte,
        TestLoss = test?.Loss,
        TestAccuracy = test?.Accuracy,
        BitsPerByte = test?.BitsPerByte,
        Perplexity = test?.Perplexity,
    };
}
