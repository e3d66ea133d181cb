using Residuum.State;
using Residuum.Training.Layers;
using Residuum.Training.Trainer;

namespace Residuum.Training.Recipes;

/// <summary>A checkpoint of a training run, with the recipe and the settings that its metadata name: enough to make its model
/// again.</summary>
/// <param name="File">The checkpoint.</param>
/// <param name="Recipe">The recipe.</param>
/// <param name="Settings">The recipe's settings in that run.</param>
/// <param name="Step">Updates done, as the metadata say.</param>
public sealed record SavedRun(string File, Recipe Recipe, RecipeSettings Settings, string Step)
{
    private const string SettingPrefix = "setting.";

    /// <summary>Opens a checkpoint, or the newest whole one of a folder of checkpoints or of a run's folder.</summary>
    /// <param name="path">The file or folder.</param>
    /// <exception cref="CheckpointException">The file is damaged or no checkpoint.</exception>
    /// <exception cref="InvalidDataException">It is a checkpoint, but not one of a run of a recipe that this version has.</exception>
    /// <exception cref="IOException">The file cannot be read, or the folder holds no whole checkpoint.</exception>
    public static SavedRun Open(string path)
    {
        string file = Directory.Exists(path) ? NewestIn(path) : path;
        using SafetensorsFile checkpoint = Checkpoint.OpenVerified(file);
        if (!checkpoint.Metadata.TryGetValue("recipe", out string? name))
        {
            throw new InvalidDataException($"'{file}' is a checkpoint but not one of a training run: its metadata name no recipe.");
        }

        try
        {
            Recipe recipe = RecipeCatalog.Get(name);
            RecipeSettings settings = recipe.DefaultSettings();
            foreach ((string key, string text) in checkpoint.Metadata)
            {
                if (key.StartsWith(SettingPrefix, StringComparison.Ordinal))
                {
                    settings.Set(key[SettingPrefix.Length..], text);
                }
            }

            return new SavedRun(file, recipe, settings, checkpoint.Metadata.GetValueOrDefault("step", "unknown"));
        }
        catch (ArgumentException exception)
        {
            throw new InvalidDataException($"'{file}' was written by another version: {exception.Message}", exception);
        }
    }

    /// <summary>Takes the checkpoint's weights and buffers.</summary>
    /// <param name="model">Where they go.</param>
    /// <exception cref="InitialWeightsException">The model is another one; the message lists all that does not match.</exception>
    public void LoadInto(Layer model) => InitialWeights.Load(File, model, []);

    private static string NewestIn(string folder)
    {
        string inside = Path.Combine(folder, "checkpoints");
        return new CheckpointFolder(Directory.Exists(inside) ? inside : folder).FindNewest()
            ?? throw new FileNotFoundException($"The folder '{folder}' holds no whole checkpoint.");
    }
}
