using Residuum.Training.Differentiation;
using Residuum.Training.Trainer;

namespace Residuum.Training.Recipes;

/// <summary>Adds up loss and right answers over the batches of an evaluation.</summary>
internal sealed class ClassificationScore
{
    private double _loss;
    private long _right;
    private long _count;

    /// <summary>Takes note of a batch.</summary>
    /// <param name="logits">The model's answer, [rows, classes].</param>
    /// <param name="labels">The right classes.</param>
    /// <param name="meanLoss">The batch's mean loss.</param>
    public void Add(Tensor logits, ReadOnlySpan<int> labels, float meanLoss)
    {
        for (int row = 0; row < labels.Length; row++)
        {
            ReadOnlySpan<float> answer = logits.Values.Slice(row * logits.Columns, logits.Columns);
            _right += IndexOfLargest(answer) == labels[row] ? 1 : 0;
        }

        _count += labels.Length;
        _loss += (double)meanLoss * labels.Length;
    }

    /// <summary>The means over all batches.</summary>
    public EvaluationResult Result() => new(_loss / _count, Accuracy: (double)_right / _count);

    private static int IndexOfLargest(ReadOnlySpan<float> values)
    {
        int largest = 0;
        for (int i = 1; i < values.Length; i++)
        {
            if (values[i] > values[largest])
            {
                largest = i;
            }
        }

        return largest;
    }
}
