using System.Globalization;
using Residuum.Optimizers;

namespace Residuum.Training.Recipes;

/// <summary>A method with the options somebody asked for: one column of a comparison.</summary>
/// <param name="Text">The choice as it was written, for example <c>microadam[density=0.05]</c>.</param>
/// <param name="Method">The method, in kebab-case.</param>
/// <param name="Options">camelCase names and values as text, without the learning rate.</param>
/// <param name="Rate">The learning rate asked for, or null for the recipe's.</param>
public sealed record OptimizerChoice(string Text, string Method, IReadOnlyList<KeyValuePair<string, string>> Options, double? Rate = null)
{
    /// <summary>Makes the optimizer.</summary>
    /// <param name="parameters">What it trains.</param>
    /// <param name="defaults">The recipe's options for this method; those asked for replace them.</param>
    /// <param name="rate">The base learning rate.</param>
    /// <param name="settings">Threads, guard and clipping.</param>
    /// <exception cref="ArgumentException">The method or an option is unknown or out of range.</exception>
    public Optimizer Create(IReadOnlyList<Parameter> parameters, RecipeOptimizer defaults, double rate, StepSettings settings)
    {
        KeyValuePair<string, string> learningRate = new("learningRate", rate.ToString("R", CultureInfo.InvariantCulture));
        return OptimizerCatalog.Get(Method).Create([new NamedGroup(parameters, [.. AllOptions(defaults), learningRate])], settings);
    }

    /// <summary>The recipe's options, replaced by those asked for.</summary>
    /// <param name="defaults">The recipe's options for this method.</param>
    public IReadOnlyList<KeyValuePair<string, string>> AllOptions(RecipeOptimizer defaults)
    {
        ArgumentNullException.ThrowIfNull(defaults);
        return [.. defaults.Options.Where(option => Options.All(asked => asked.Key != option.Key)), .. Options];
    }
}
