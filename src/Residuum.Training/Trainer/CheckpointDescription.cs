using Residuum.State;

namespace Residuum.Training.Trainer;

/// <summary>What a checkpoint's metadata say of the run that wrote it: enough to make its model again.</summary>
/// <param name="Recipe">The recipe's name: metadata <c>recipe</c>.</param>
/// <param name="Settings">Its settings as text: metadata <c>setting.KEY</c>.</param>
public sealed record CheckpointDescription(string Recipe, IReadOnlyDictionary<string, string> Settings)
{
    private const string RecipeKey = "recipe";
    private const string SettingPrefix = "setting.";

    /// <summary>Reads it.</summary>
    /// <param name="path">A checkpoint that a training run wrote.</param>
    /// <exception cref="CheckpointException">The file is damaged or no checkpoint.</exception>
    /// <exception cref="InvalidDataException">It is a checkpoint, but not one of a training run.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static CheckpointDescription Read(string path)
    {
        using SafetensorsFile file = Checkpoint.OpenVerified(path);
        if (!file.Metadata.TryGetValue(RecipeKey, out string? recipe))
        {
            throw new InvalidDataException($"'{path}' is a checkpoint but not one of a training run: its metadata name no recipe.");
        }

        Dictionary<string, string> settings = new(StringComparer.Ordinal);
        foreach ((string key, string text) in file.Metadata)
        {
            if (key.StartsWith(SettingPrefix, StringComparison.Ordinal))
            {
                settings.Add(key[SettingPrefix.Length..], text);
            }
        }

        return new CheckpointDescription(recipe, settings);
    }
}
