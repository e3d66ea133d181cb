using System.Text.Json.Serialization;

namespace Residuum.Cli.Json;

/// <summary>How <c>estimate --json</c> is written.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EstimateReport))]
internal sealed partial class EstimateJson : JsonSerializerContext;
