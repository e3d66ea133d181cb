namespace Residuum.Training.Trainer;

/// <summary>How a model does on a part of the data; what does not apply to the task is null.</summary>
/// <param name="Loss">Mean loss, in nats per example or token.</param>
/// <param name="Accuracy">The share classified right, 0 to 1.</param>
/// <param name="BitsPerByte">Mean code length of the text's bytes.</param>
/// <param name="Perplexity">e to the <paramref name="Loss"/> of a language model, per token.</param>
public sealed record EvaluationResult(double Loss, double? Accuracy = null, double? BitsPerByte = null, double? Perplexity = null);
