using System.CommandLine;
using Residuum.Cli.Json;
using Residuum.Cli.Parsing;
using Residuum.Cli.Reports;
using Residuum.Numerics;
using Residuum.Training.Differentiation;
using Residuum.Training.Recipes;
using Residuum.Training.Trainer;

namespace Residuum.Cli.Verbs;

/// <summary><c>residuum evaluate</c>: how the model of a checkpoint does on the validation and test parts.</summary>
internal sealed class EvaluateVerb
{
    private readonly Argument<string> _checkpoint = new("checkpoint")
    {
        Description = "A checkpoint, or a run's folder for its newest one.",
    };

    private readonly Option<string?> _data = new("--data")
    {
        Description = "Your own data, the same that the run was given.",
        HelpName = "FILE",
    };

    private readonly Option<int> _threads = new Option<int>("--threads")
    {
        Description = "Threads; results do not depend on it.",
        HelpName = "N",
        DefaultValueFactory = _ => Environment.ProcessorCount,
    }.AtLeastOne();

    private readonly Option<string?> _json = new("--json") { Description = "Write the results as JSON.", HelpName = "FILE" };

    private EvaluateVerb()
    {
    }

    /// <summary>The verb.</summary>
    public static Command Create()
    {
        EvaluateVerb evaluate = new();
        Command verb = new("evaluate", "Judge the model of a checkpoint on its recipe's validation and test parts.")
        {
            evaluate._checkpoint, evaluate._data, evaluate._threads, evaluate._json,
        };
        verb.SetAction(evaluate.Run);
        return verb;
    }

    private int Run(ParseResult parse)
    {
        int threads = parse.GetValue(_threads);
        SavedRun saved = SavedRun.Open(parse.GetRequiredValue(_checkpoint));
        TrainingTask task = saved.Recipe.Load(saved.Settings, parse.GetValue(_data))(seed: 0, search: false);
        saved.LoadInto(task.Model);
        Tape tape = new(new WorkSharing(threads));
        EvaluationResult? validation = task.Evaluate(tape, DataPart.Validation);
        EvaluationResult? test = task.Evaluate(tape, DataPart.Test);

        TextWriter output = parse.InvocationConfiguration.Output;
        output.WriteLine($"{saved.File}: {saved.Recipe.Name}, step {saved.Step}");
        Print(output, "validation", validation);
        Print(output, "test", test);
        if (parse.GetValue(_json) is string json)
        {
            JsonFile.Write(json, EvaluationAnswer.Of(saved, validation, test), RunJson.Default.EvaluationAnswer);
        }

        return ExitCode.Fine;
    }

    private static void Print(TextWriter output, string part, EvaluationResult? result)
    {
        if (result is null)
        {
            return;
        }

        string accuracy = result.Accuracy is double share ? $"   accuracy {NumberText.Percent(share)} %" : "";
        string bits = result.BitsPerByte is double perByte ? $"   bits per byte {NumberText.Loss(perByte)}" : "";
        string perplexity = result.Perplexity is double value ? $"   perplexity {NumberText.Loss(value)}" : "";
        output.WriteLine($"  {part,-10}   loss {NumberText.Loss(result.Loss)}{accuracy}{bits}{perplexity}");
    }
}
