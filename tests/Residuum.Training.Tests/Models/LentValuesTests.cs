using Residuum.Numerics;
using Residuum.Training.Differentiation;
using Residuum.Training.Layers;
using Residuum.Training.Tests.Differentiation;

namespace Residuum.Training.Tests.Models;

/// <summary>Models whose parameters have values only while an operation reads them.</summary>
public sealed class LentValuesTests
{
    public static TheoryData<string> Names => ReferenceModels.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Losses_and_gradients_are_the_same_bits(string name)
    {
        (Layer model, Func<Tape, Tensor> loss) = ReferenceModels.Make(name);
        float[] expected = Losses(model, loss, new Tape(new WorkSharing(2), seed: 3));
        float[][] gradients = [.. model.Parameters.Select(parameter => parameter.Gradient.ToArray())];

        // A model of its own, since batch normalization moves its buffers.
        (Layer lent, Func<Tape, Tensor> lentLoss) = ReferenceModels.Make(name);
        LendingHolder holder = new(lent.Parameters);
        Assert.Equal(expected, Losses(lent, lentLoss, new Tape(new WorkSharing(2), seed: 3, gradients: null, holder)));
        Assert.Equal(gradients, lent.Parameters.Select(parameter => parameter.Gradient.ToArray()));
        Assert.InRange(holder.MostTogether, 1, 2);
        Assert.All(lent.Parameters, parameter => Assert.True(parameter.Values.IsEmpty));
    }

    // Of a training pass, of an evaluation, and of a second training pass.
    private static float[] Losses(Layer model, Func<Tape, Tensor> loss, Tape tape)
    {
        model.ResetGradients();
        List<float> losses = [];
        foreach (bool training in new[] { true, false, true })
        {
            tape.Begin(losses.Count, training);
            Tensor mean = loss(tape);
            losses.Add(mean.Values[0]);
            if (training)
            {
                tape.Backward(mean);
            }
        }

        return [.. losses];
    }
}
