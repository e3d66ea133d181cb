using Residuum.Cli.Bench;
using Residuum.Training.Recipes;
using Residuum.Training.Trainer;

namespace Residuum.Cli.Tests.Bench;

/// <summary>The gradients that a bench records from training.</summary>
public sealed class RecordedGradientsTests
{
    [Fact]
    public void They_are_those_of_the_recipes_steps_in_turn()
    {
        RecipeSettings settings = Settings("40");
        using RecordedGradients recorded = RecordedGradients.Of(RecipeCatalog.Get("teacher-student"), settings, threads: 1);

        // The same run by itself, stopped after its 21st step: the first that is recorded.
        settings.Set("steps", "21");
        RunFactory factory = new(RecipeCatalog.Get("teacher-student"), settings, dataFile: null, threads: 1, []);
        OptimizerChoice adamw = new("adamw", "adamw", []);
        TrainingRun run = factory.Create(adamw, factory.DefaultRate(adamw), seed: 0, search: true);
        run.Run(CancellationToken.None);
        Assert.Equal(run.Model.Parameters.Select(parameter => parameter.Name), recorded.Shapes.Select(shape => shape.Name));
        float[] expected = [.. run.Model.Parameters.SelectMany(parameter => parameter.Gradient.ToArray())];

        float[] first = new float[expected.Length];
        float[] later = new float[expected.Length];
        recorded.Draw(first);
        Assert.Equal(expected, first);
        recorded.Draw(later);
        Assert.NotEqual(expected, later);
        for (int step = 2; step <= 12; step++)
        {
            recorded.Draw(later);
        }

        Assert.Equal(expected, later);
    }

    [Fact]
    public void A_training_that_ends_too_soon_is_refused()
    {
        UsageException refused = Assert.Throws<UsageException>(
            () => RecordedGradients.Of(RecipeCatalog.Get("teacher-student"), Settings("31"), threads: 1));
        Assert.Contains("ended after 31 steps; 32 are needed", refused.Message, StringComparison.Ordinal);
    }

    // A constant rate, so that the number of steps changes none of them.
    private static RecipeSettings Settings(string steps)
    {
        RecipeSettings settings = RecipeCatalog.Get("teacher-student").DefaultSettings();
        settings.Set("steps", steps);
        settings.Set("schedule", "constant");
        return settings;
    }
}
