namespace Residuum.Training.Trainer;

/// <summary>A file of weights that does not fit the model. Nothing of the model was changed.</summary>
public sealed class InitialWeightsException : Exception
{
    internal InitialWeightsException(string file, IReadOnlyList<string> differences)
        : base($"The weights in '{file}' do not fit the model; --map from=to renames:{Lines(differences)}") => Differences = differences;

    /// <summary>Every difference, a sentence each.</summary>
    public IReadOnlyList<string> Differences { get; }

    private static string Lines(IReadOnlyList<string> differences) => string.Concat(differences.Select(text => $"\n  {text}"));
}
