using Residuum.Cli.Parsing;
using Residuum.Training.Recipes;

namespace Residuum.Cli.Verbs;

/// <summary>What <c>compare</c> and <c>train</c> were both asked for.</summary>
/// <param name="Recipe">The recipe.</param>
/// <param name="Settings">Its settings.</param>
/// <param name="OptimizerSettings">Options for every listed optimizer that has them.</param>
/// <param name="DataFile">The user's own data, or null.</param>
/// <param name="Threads">Threads.</param>
/// <param name="Folder">Where logs, checkpoints and report go.</param>
/// <param name="JsonFile">Where the machine's answer goes, or null.</param>
internal sealed record RunRequest(
    Recipe Recipe,
    RecipeSettings Settings,
    IReadOnlyList<Setting> OptimizerSettings,
    string? DataFile,
    int Threads,
    string? Folder,
    string? JsonFile);
