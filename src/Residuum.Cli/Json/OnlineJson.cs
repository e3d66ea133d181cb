using System.Text.Json.Serialization;

namespace Residuum.Cli.Json;

/// <summary>How <c>online --json</c> is written.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(OnlineAnswer))]
internal sealed partial class OnlineJson : JsonSerializerContext;
