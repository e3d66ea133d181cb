using System.Globalization;
using Residuum.Cli.Estimate;
using Residuum.Cli.Reports;
using Residuum.Cli.Reports.Terminal;
using Residuum.Distributed.Exchange;
using Residuum.Distributed.Sharding;
using Residuum.Optimizers;
using Residuum.Training.Recipes;
using Residuum.Training.Trainer;

namespace Residuum.Cli.Verbs;

/// <summary>What <c>train --dry-run</c> prints: the plan, and the bytes of every parameter.</summary>
internal static class DryRun
{
    /// <summary>Prints it.</summary>
    /// <param name="output">Where.</param>
    /// <param name="run">The run that would start.</param>
    /// <param name="choice">Its optimizer.</param>
    /// <param name="request">What was asked.</param>
    public static void Print(TextWriter output, TrainingRun run, OptimizerChoice choice, RunRequest request)
    {
        output.WriteLine(ProgressText.Announcement(run.Plan));
        foreach ((string key, string value) in run.Plan.Settings)
        {
            output.WriteLine($"  {key}={value}");
        }

        MemoryPlan memory = PlanOf(choice.Method, choice.AllOptions(request.Recipe.DefaultsFor(choice.Method)), run, request.Threads);
        MemoryPlan dense = PlanOf("adamw", [], run, request.Threads);
        Dictionary<string, string> treatments = memory.Treatments.ToDictionary(
            planned => planned.Parameter, planned => planned.Treatment, StringComparer.Ordinal);
        List<IReadOnlyList<string>> rows = [];
        foreach (Parameter parameter in run.Model.Parameters)
        {
            IEnumerable<PlannedField> fields = memory.Fields.Where(planned => planned.Owner == parameter.Name);
            long state = fields.Where(planned => !planned.Spec.IsInGradient).Sum(planned => planned.Spec.Bytes);
            string treatment = treatments.GetValueOrDefault(parameter.Name, "");
            rows.Add(Row(parameter.Name, TensorShape.Format(parameter.Shape), parameter.Length, state, treatment));
        }

        long weights = run.Model.ParameterCount;
        rows.Add(Row("all", "", weights, memory.StateBytes + memory.CounterBytes, ""));
        ResultsTable table = new(
            [
                new("parameter", "", IsText: true),
                new("shape", "", IsText: true),
                new("weights", "bytes"),
                new("gradient", "bytes"),
                new("state", "bytes"),
                new("state per weight", "bytes"),
                new(treatments.Count == 0 ? "" : "treatment", "", IsText: true),
            ],
            rows);
        PlainTable.Write(output, table);

        foreach (PlannedTreatment warned in memory.Treatments.Where(planned => planned.Warning is not null))
        {
            output.WriteLine($"warning: {warned.Parameter}: {warned.Warning}");
        }

        output.WriteLine($"scratch of {request.Threads} threads: {Text(memory.ScratchBytes)} bytes");
        output.WriteLine($"state of adamw: {Text(dense.StateBytes)} bytes, {Ratio(dense.StateBytes, weights)} per weight");
    }

    /// <summary>Prints what ranks would send and remember.</summary>
    /// <param name="output">Where.</param>
    /// <param name="run">The run that would start.</param>
    /// <param name="exchange">How gradients travel.</param>
    /// <param name="ranks">Between how many ranks.</param>
    /// <exception cref="ArgumentException">The messages of so many ranks could not be held.</exception>
    public static void Print(TextWriter output, TrainingRun run, ExchangeOptions exchange, int ranks)
    {
        ExchangePlan plan = ExchangePlan.Of(exchange, Shapes(run), ranks);
        output.WriteLine($"exchange {exchange.Name}: each rank sends {Text(plan.MessageBytes)} bytes a step of {Text(plan.DenseBytes)}, "
            + $"and remembers errors of {Text(plan.ErrorBytes)} bytes");
    }

    /// <summary>Prints what the rank that holds most would have of what the ranks divide.</summary>
    /// <param name="output">Where.</param>
    /// <param name="run">The run that would start.</param>
    /// <param name="optimizer">Its optimizer.</param>
    /// <param name="request">What was asked.</param>
    /// <param name="stage">What is divided.</param>
    /// <param name="ranks">Between how many ranks.</param>
    /// <exception cref="ArgumentException">It cannot be divided, or not between so many ranks.</exception>
    public static void Print(
        TextWriter output, TrainingRun run, OptimizerChoice optimizer, RunRequest request, ShardStage stage, int ranks)
    {
        ShapedGroup group = new(Shapes(run), optimizer.AllOptions(request.Recipe.DefaultsFor(optimizer.Method)));
        MemoryPlan rank = FullestRank.Plan(OptimizerCatalog.Get(optimizer.Method), [group], ranks, request.Threads, stage);
        long whole = 4 * run.Model.ParameterCount;
        output.WriteLine($"shard {(int)stage}: of {ranks} ranks the one that holds most has {Text(rank.ParameterBytes ?? whole)} bytes of "
            + $"weights, {Text(rank.GradientBytes ?? whole)} of gradients and {Text(rank.StateBytes)} of state");
    }

    private static string[] Row(string name, string shape, long weights, long state, string treatment) =>
        [name, shape, Text(4 * weights), Text(4 * weights), Text(state), Ratio(state, weights), treatment];

    private static MemoryPlan PlanOf(string method, IReadOnlyList<KeyValuePair<string, string>> options, TrainingRun run, int threads) =>
        OptimizerCatalog.Get(method).Plan([new ShapedGroup(Shapes(run), options)], threads);

    private static ShapedParameter[] Shapes(TrainingRun run) =>
        [.. run.Model.Parameters.Select(parameter => new ShapedParameter(parameter.Name, parameter.Shape.ToArray()))];

    private static string Text(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Ratio(long bytes, long weights) =>
        weights == 0 ? "-" : ((double)bytes / weights).ToString("F3", CultureInfo.InvariantCulture);
}
