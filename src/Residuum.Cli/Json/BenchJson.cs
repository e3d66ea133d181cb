using System.Text.Json.Serialization;
using Residuum.Cli.Bench;

namespace Residuum.Cli.Json;

/// <summary>How <c>bench --json</c> is written.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(BenchReport))]
[JsonSerializable(typeof(TorchResult[]))]
[JsonSerializable(typeof(OpenBlasTurn))]
[JsonSerializable(typeof(TorchModel))]
[JsonSerializable(typeof(TorchTurn))]
internal sealed partial class BenchJson : JsonSerializerContext;
