using Residuum.Numerics;
using Residuum.Training.Differentiation;
using Residuum.Training.Models;
using Residuum.Training.Tests.Differentiation;

namespace Residuum.Training.Tests.Models;

public sealed class ResidualNetworkTests
{
    [Fact]
    public void Three_blocks_a_stage_make_ResNet_20()
    {
        ResidualNetwork model = new(seed: 1);

        // 144 + 3 x (2 x 2304) + (4608 + 9216 + 512) + 2 x (2 x 9216) + (18432 + 36864 + 2048) + 2 x (2 x 36864) weights of filters,
        // 2 x (7 x 16 + 7 x 32 + 7 x 64) of normalization, with the shortcuts' 2 x (32 + 64), and the head's 650.
        int filters = 144 + (3 * 4608) + 14_336 + (2 * 18_432) + 57_344 + (2 * 73_728);
        int norms = 2 * ((7 * 16) + (6 * 32) + (6 * 64) + 32 + 64);
        Assert.Equal(filters + norms + 650, model.ParameterCount);
        Assert.Equal(2 * (19 + 2), model.Buffers.Count);
        Assert.Contains("blocks.3.shortcut.weight", model.Parameters.Select(parameter => parameter.Name));
        Assert.Contains("blocks.8.norm2.runningVariance", model.Buffers.Select(buffer => buffer.Name));
        Assert.Equal(model.Parameters.Count, model.Parameters.Select(parameter => parameter.Name).Distinct().Count());
    }

    [Fact]
    public void Every_parameter_is_reached_and_evaluation_leaves_the_running_statistics_alone()
    {
        ResidualNetwork model = new(seed: 1, height: 6, width: 6, filters: 4, blocksPerStage: 1);
        Tape tape = new(new WorkSharing(2));
        float[] images = GradientCheck.Normal(3 * 36, stream: 1);
        model.ResetGradients();
        tape.Begin(0, training: true);
        tape.Backward(CrossEntropyOperation.Apply(tape, model.Forward(tape, tape.Input(images, 3, 36)), new[] { 1, 2, 3 }));
        Assert.All(model.Parameters, parameter => Assert.True(parameter.HasGradient));

        float[] before = model.Buffers[0].Values.ToArray();
        Assert.NotEqual(new float[4], before);
        tape.Begin(1, training: false);
        model.Forward(tape, tape.Input(images, 3, 36));
        Assert.Equal(before, model.Buffers[0].Values.ToArray());
    }
}
