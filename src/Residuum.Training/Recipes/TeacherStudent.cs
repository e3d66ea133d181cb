using Residuum.Training.Data;
using Residuum.Training.Models;

namespace Residuum.Training.Recipes;

/// <summary>
/// A small perceptron 64-128-10 that learns what a fixed random network answers: 20,000 rows, batch 128, 2,000 steps, a tenth of the rate
/// after 60 % and after 80 % of them (targets of ConEF, 3.2). It needs no file and takes seconds: for comparing exchanges.
/// </summary>
internal sealed class TeacherStudent : Recipe
{
    private const int TrainRows = 20_000;
    private const int ValidationRows = 2_000;
    private const int TestRows = 5_000;

    public override string Name => "teacher-student";

    public override string Summary => "perceptron 64-128-10 that learns a fixed random network; data made, not read";

    public override IReadOnlyDictionary<string, RecipeOptimizer> Optimizers { get; } = new Dictionary<string, RecipeOptimizer>(
        RecipeOptimizer.Table(sgd: 0.05, adamW: 3e-3, microAdam: RecipeOptimizer.WideRow(1e-2), weightDecay: "0"), StringComparer.Ordinal)
    {
        ["sgd"] = new(0.05, new("momentum", "0.9"), new("nesterov", "true")),
    };

    protected override int Batch => 128;

    protected override int? Steps => 2000;

    protected override IEnumerable<RecipeSetting> OwnSettings => [new("hidden", "128", "width of the hidden layer")];

    public override TaskMaker Load(RecipeSettings settings, string? dataFile)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (dataFile is not null)
        {
            throw new ArgumentException(
                $"The recipe {Name} makes its data and takes no file, but --data is '{dataFile}'.", nameof(dataFile));
        }

        int hidden = settings.Integer("hidden", 1);
        int batch = settings.Integer("batch", 1);
        TeacherRows rows = TeacherRows.Make(TrainRows + TestRows);
        TeacherRows test = rows.Slice(TrainRows, TestRows);
        return (seed, search) =>
        {
            MultilayerPerceptron model = new((ulong)seed, TeacherRows.Inputs, hidden, TeacherRows.Classes);
            int trained = search ? TrainRows - ValidationRows : TrainRows;
            TeacherRows? validation = search ? rows.Slice(trained, ValidationRows) : null;
            return new TeacherClassification(model, rows.Slice(0, trained), validation, test, batch, (ulong)seed);
        };
    }

    protected override string ScheduleFor(long steps)
    {
        long first = Math.Max(1, 3 * steps / 5);
        return $"multi-step:milestones={first}/{Math.Max(first + 1, 4 * steps / 5)},gamma=0.1";
    }
}
