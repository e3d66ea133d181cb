using System.Runtime.InteropServices;
using Residuum.Numerics;
using Residuum.State;
using Residuum.Training.Differentiation;
using Residuum.Training.Recipes;
using Residuum.Training.Trainer;

namespace Residuum.Training.Tests.Trainer;

public sealed class TrainingRunTests : IDisposable
{
    private const string Plateau = "plateau:patience=0,threshold=0.99,factor=0.5";

    private readonly string _folder = Directory.CreateTempSubdirectory("residuum-run-").FullName;

    [Theory]
    [InlineData("sgd", "linear")]
    [InlineData("adamw", "linear")]
    [InlineData("microadam", "linear")]
    [InlineData("adamw", Plateau)]
    public void A_run_interrupted_after_any_step_and_resumed_ends_with_the_same_bits(string method, string schedule)
    {
        (string, string)[] set = [("schedule", schedule), ("evaluateEvery", "2")];
        TrainingRun whole = TinyRecipe.Factory(set).Create(TinyRecipe.Choice(method), 0.01, seed: 3);
        RunResult expected = whole.Run(CancellationToken.None);
        for (int stop = 0; stop < 12; stop++)
        {
            string folder = Path.Combine(_folder, $"{method}-{stop}");
            using CancellationTokenSource interrupted = new();
            TrainingRun first = Observed(method, set, folder, stop, interrupted);
            RunResult half = first.Run(interrupted.Token);
            Assert.Equal((RunOutcome.Interrupted, stop), (half.Outcome, (int)half.Steps));

            TrainingRun second = TinyRecipe.Factory(set).Create(TinyRecipe.Choice(method), 0.01, seed: 3, checkpointFolder: folder);
            second.Resume(new CheckpointFolder(folder).FindNewest()!);
            RunResult resumed = second.Run(CancellationToken.None);

            Assert.Equal(stop, second.Plan.FirstStep);
            Assert.Equal(Bits(whole), Bits(second));
            Assert.Equal(expected.TrainLoss, resumed.TrainLoss);
            Assert.Equal(expected.Test, resumed.Test);
        }
    }

    /// <summary>A threshold that no loss passes: after the first look, every look lowers the rate.</summary>
    [Fact]
    public void A_plateau_lowers_the_rate_after_its_looks_at_the_validation_loss()
    {
        RunFactory factory = TinyRecipe.Factory(("schedule", Plateau), ("evaluateEvery", "3"));
        RunResult result = factory.Create(TinyRecipe.Choice("adamw"), 0.01, seed: 0).Run(CancellationToken.None);
        Assert.Equal(
            [0.01, 0.01, 0.01, 0.01, 0.01, 0.01, 0.005, 0.005, 0.005, 0.0025, 0.0025, 0.0025], result.History.Select(point => point.LearningRate));
    }

    [Theory]
    [InlineData("evaluateEvery", "0", Plateau)]
    [InlineData("maximize", "3", Plateau + ",maximize=true")]
    public void A_plateau_that_has_nothing_to_look_at_is_refused(string named, string evaluateEvery, string schedule)
    {
        RunFactory factory = TinyRecipe.Factory(("schedule", schedule), ("evaluateEvery", evaluateEvery));
        ArgumentException refusal = Assert.Throws<ArgumentException>(() => factory.Create(TinyRecipe.Choice("adamw"), 0.01, seed: 0));
        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plateau_resumes_only_with_the_looks_it_began_with()
    {
        TinyRecipe.Factory(("schedule", Plateau), ("evaluateEvery", "3"))
            .Create(TinyRecipe.Choice("adamw"), 0.01, seed: 0, checkpointFolder: _folder).Run(CancellationToken.None);
        TrainingRun other = TinyRecipe.Factory(("schedule", Plateau), ("evaluateEvery", "4")).Create(TinyRecipe.Choice("adamw"), 0.01, seed: 0);
        CheckpointException refusal = Assert.Throws<CheckpointException>(() => other.Resume(new CheckpointFolder(_folder).FindNewest()!));
        Assert.Contains("setting.evaluateEvery", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_finished_run_resumes_to_the_same_result()
    {
        RunFactory factory = TinyRecipe.Factory();
        TrainingRun whole = factory.Create(TinyRecipe.Choice("adamw"), 0.01, seed: 0, checkpointFolder: _folder);
        RunResult expected = whole.Run(CancellationToken.None);
        TrainingRun again = factory.Create(TinyRecipe.Choice("adamw"), 0.01, seed: 0, checkpointFolder: _folder);
        again.Resume(new CheckpointFolder(_folder).FindNewest()!);
        RunResult result = again.Run(CancellationToken.None);
        Assert.Equal((expected.Steps, expected.TrainLoss), (result.Steps, result.TrainLoss));
        Assert.Equal((expected.Validation, expected.Test), (result.Validation, result.Test));
    }

    [Theory]
    [InlineData("accumulate", "2")]
    [InlineData("steps", "13")]
    [InlineData("schedule", "constant")]
    [InlineData("clipNorm", "0.5")]
    public void A_checkpoint_of_other_settings_is_refused_and_named(string key, string value)
    {
        TinyRecipe.Factory().Create(TinyRecipe.Choice("adamw"), 0.01, seed: 0, checkpointFolder: _folder).Run(CancellationToken.None);
        TrainingRun other = TinyRecipe.Factory((key, value)).Create(TinyRecipe.Choice("adamw"), 0.01, seed: 0);
        CheckpointException refusal = Assert.Throws<CheckpointException>(() => other.Resume(new CheckpointFolder(_folder).FindNewest()!));
        Assert.Contains($"setting.{key}", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkpoint_of_another_seed_or_rate_is_refused()
    {
        TinyRecipe.Factory().Create(TinyRecipe.Choice("adamw"), 0.01, seed: 0, checkpointFolder: _folder).Run(CancellationToken.None);
        TrainingRun other = TinyRecipe.Factory().Create(TinyRecipe.Choice("adamw"), 0.02, seed: 1);
        CheckpointException refusal = Assert.Throws<CheckpointException>(() => other.Resume(new CheckpointFolder(_folder).FindNewest()!));
        Assert.Contains("rate", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("seed", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(6)]
    [InlineData(100)]
    public void Gradients_of_parts_add_up_to_those_of_the_batch(int parts)
    {
        TinyTask task = new(seed: 5);
        Tape tape = new(WorkSharing.Alone);
        double whole = task.Differentiate(tape, step: 1, microBatches: 1);
        float[][] expected = [.. task.Model.Parameters.Select(parameter => parameter.Gradient.ToArray())];
        double cut = task.Differentiate(tape, step: 1, parts);
        Assert.Equal(whole, cut, 1e-6);
        for (int i = 0; i < expected.Length; i++)
        {
            float[] gradient = task.Model.Parameters[i].Gradient.ToArray();
            for (int j = 0; j < gradient.Length; j++)
            {
                Assert.Equal(expected[i][j], gradient[j], 1e-6f);
            }
        }
    }

    [Fact]
    public void A_loss_that_is_not_finite_ends_the_run_as_diverged()
    {
        RunResult result = TinyRecipe.Factory().Create(TinyRecipe.Choice("sgd"), 1e30, seed: 0).Run(CancellationToken.None);
        Assert.True(result.Diverged);
        Assert.True(result.Steps < 12);
        Assert.Null(result.Test);
    }

    [Fact]
    public void A_diverged_run_keeps_the_checkpoint_from_before()
    {
        RunFactory factory = TinyRecipe.Factory(("checkpointEvery", "1"));
        RunResult result = factory.Create(TinyRecipe.Choice("sgd"), 1e30, seed: 0, checkpointFolder: _folder).Run(CancellationToken.None);
        Assert.True(result.Diverged);
        string newest = Path.GetFileName(new CheckpointFolder(_folder).FindNewest()!);
        Assert.Equal($"step-{result.Steps:D8}.safetensors", newest);
    }

    [Fact]
    public void Norms_per_parameter_come_at_their_interval()
    {
        RunFactory factory = TinyRecipe.Factory(("diagnoseEvery", "5"));
        RunResult result = factory.Create(TinyRecipe.Choice("adamw"), 0.01, seed: 0).Run(CancellationToken.None);
        Assert.Equal([5L, 10L], result.History.Where(point => point.Diagnostics.Count > 0).Select(point => point.Step));
        ParameterDiagnostics first = result.History[4].Diagnostics[0];
        Assert.Equal("layers.0.weight", first.Parameter);
        Assert.True(first.Values["gradientNorm"] > 0 && first.Values["updateNorm"] > 0 && first.Values["weightNorm"] > 0);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static TrainingRun Observed(
        string method, (string Key, string Value)[] set, string folder, int stop, CancellationTokenSource interrupted)
    {
        if (stop == 0)
        {
            interrupted.Cancel();
        }

        TinyRecipe recipe = new();
        RecipeSettings settings = recipe.DefaultSettings();
        settings.Set("logEvery", "1");
        foreach ((string key, string value) in set)
        {
            settings.Set(key, value);
        }

        RunFactory factory = new(recipe, settings, dataFile: null, threads: 1, [new StopAfter(stop, interrupted)]);
        return factory.Create(TinyRecipe.Choice(method), 0.01, seed: 3, checkpointFolder: folder);
    }

    private static byte[] Bits(TrainingRun run) =>
        [.. run.Model.Parameters.SelectMany(parameter => MemoryMarshal.AsBytes(parameter.Values.Span).ToArray())];

    private sealed class StopAfter(int step, CancellationTokenSource interrupted) : IRunObserver
    {
        public void Started(RunPlan plan)
        {
        }

        public void Logged(RunPlan plan, MetricPoint point)
        {
            if (point.Step == step)
            {
                interrupted.Cancel();
            }
        }

        public void Ended(RunPlan plan, RunResult result)
        {
        }
    }
}
