using System.Text.Json.Serialization;

namespace Residuum.Cli.Json;

/// <summary>How <c>spectrum --json</c> is written.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(SpectrumAnswer))]
internal sealed partial class SpectrumJson : JsonSerializerContext;
