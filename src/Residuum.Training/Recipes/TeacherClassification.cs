using Residuum.Training.Data;
using Residuum.Training.Differentiation;
using Residuum.Training.Models;

namespace Residuum.Training.Recipes;

/// <summary>Learns what a fixed random network answers.</summary>
/// <param name="model">The model.</param>
/// <param name="train">What to train on.</param>
/// <param name="validation">What to choose by, or null if all is trained on.</param>
/// <param name="test">What to report on.</param>
/// <param name="batch">Rows of a batch.</param>
/// <param name="seed">The seed of the rows' order.</param>
internal sealed class TeacherClassification(
    MultilayerPerceptron model, TeacherRows train, TeacherRows? validation, TeacherRows test, int batch, ulong seed)
    : Classification<TeacherRows>(model, train, validation, test, new EpochBatches(train.Count, batch, seed), EvaluationBatch)
{
    private const int EvaluationBatch = 500;

    private float[] _features = [];

    public override string ExampleUnit => "rows";

    protected override int CountOf(TeacherRows set) => set.Count;

    protected override Tensor Logits(Tape tape, TeacherRows set, ReadOnlySpan<int> rows, Span<int> labels)
    {
        if (_features.Length < rows.Length * TeacherRows.Inputs)
        {
            _features = new float[rows.Length * TeacherRows.Inputs];
        }

        Span<float> features = _features.AsSpan(0, rows.Length * TeacherRows.Inputs);
        set.CopyBatch(rows, features, labels);
        return model.Forward(tape, tape.Input(features, rows.Length, TeacherRows.Inputs));
    }
}
