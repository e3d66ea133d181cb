using System.Globalization;
using Residuum.Cli.Reports;
using Residuum.Cli.Reports.Terminal;
using Residuum.Distributed.Exchange;
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
    public static void Print(TextWriter output, TrainingRun run, ExchangeOptions exchange)
    {
        ShapedParameter[] shapes =
        [
            .. run.Model.Parameters.Select(parameter => new ShapedParameter(parameter.Name, parameter.Shape.ToArray())),
        ];
        ExchangePlan plan = ExchangePlan.Of(exchange, shapes);
        output.WriteLine($"exchange {exchange.Name}: each rank sends {Text(plan.MessageBytes)} bytes a step of {Text(plan.DenseBytes)}, "
            + $"and remembers errors of {Text(plan.ErrorBytes)} bytes");
    }

    private static string[] Row(string name, string shape, long weights, long state, string treatment) =>
        [name, shape, Text(4 * weights), Text(4 * weights), Text(state), Ratio(state, weights), treatment];

    private static MemoryPlan PlanOf(string method, IReadOnlyList<KeyValuePair<string, string>> options, TrainingRun run, int threads)
    {
        IEnumerable<ShapedParameter> shapes =
            run.Model.Parameters.Select(parameter => new ShapedParameter(parameter.Name, parameter.Shape.ToArray()));
        return OptimizerCatalog.Get(method).Plan([new ShapedGroup([.. shapes], options)], threads);
    }

    private static string Text(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Ratio(long bytes, long weights) =>
        weights == 0 ? "-" : ((double)bytes / weights).ToString("F3", CultureInfo.InvariantCulture);
}
