using Residuum.Training.Recipes;
using Residuum.Training.Trainer;

namespace Residuum.Training.Tests.Trainer;

/// <summary>LDAdam's error in the gradients' own memory: backward passes add to it, in one batch or in parts, and a resumed run has it.</summary>
public sealed class GradientBufferTests
{
    [Theory]
    [InlineData("1")]
    [InlineData("3")]
    public void The_engine_adds_gradients_to_the_error(string parts)
    {
        float[] own = Weights("ownBuffer", parts);
        float[] shared = Weights("gradientBuffer", parts);
        float[] without = Weights("ownBuffer", parts, errorFeedback: false);
        for (int i = 0; i < own.Length; i++)
        {
            Assert.Equal(own[i], shared[i], 1e-3f);
        }

        // So the error was there: without it the weights are others.
        Assert.True(own.Zip(without, (x, y) => MathF.Abs(x - y)).Max() > 1e-2f);
    }

    [Fact]
    public void A_resumed_run_has_the_error_of_the_interrupted()
    {
        string folder = Directory.CreateTempSubdirectory("residuum-gradient-buffer-").FullName;
        try
        {
            OptimizerChoice choice = Choice("gradientBuffer", errorFeedback: true);
            TrainingRun saved = TinyRecipe.Factory(("checkpointEvery", "5"), ("keep", "9")).Create(choice, rate: 0.05, seed: 1, checkpointFolder: folder);
            saved.Run(CancellationToken.None);
            TrainingRun resumed = TinyRecipe.Factory(("checkpointEvery", "5"), ("keep", "9")).Create(choice, rate: 0.05, seed: 1);
            resumed.Resume(Path.Combine(folder, "step-00000005.safetensors"));
            Assert.Equal(5, resumed.Step);
            resumed.Run(CancellationToken.None);
            Assert.Equal(Flat(saved), Flat(resumed));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static float[] Weights(string buffer, string parts, bool errorFeedback = true)
    {
        TrainingRun run = TinyRecipe.Factory(("accumulate", parts)).Create(Choice(buffer, errorFeedback), rate: 0.05, seed: 1);
        run.Run(CancellationToken.None);
        return Flat(run);
    }

    private static OptimizerChoice Choice(string buffer, bool errorFeedback) => new(
        "ldadam", "ldadam", [new("rank", "1"), new("errorBuffer", buffer), new("errorFeedback", errorFeedback ? "true" : "false")]);

    private static float[] Flat(TrainingRun run) => [.. run.Model.Parameters.SelectMany(parameter => parameter.Values.ToArray())];
}
