using System.Text.Json.Serialization;

namespace Residuum.Cli.Json;

/// <summary>How runs are written as JSON: camelCase, absent instead of null, NaN and infinities as strings.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    WriteIndented = true,
    NewLine = "\n")]
[JsonSerializable(typeof(ComparisonAnswer))]
[JsonSerializable(typeof(EvaluationAnswer))]
[JsonSerializable(typeof(RunRow))]
internal sealed partial class RunJson : JsonSerializerContext;
