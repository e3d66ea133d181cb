using System.Globalization;

namespace Residuum.Training.Recipes;

/// <summary>The settings of one recipe: its defaults and what the user set, as text that is checked when it is read.</summary>
public sealed class RecipeSettings
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly string _recipe;

    /// <summary>Starts from the defaults.</summary>
    /// <param name="recipe">The recipe's name, for messages.</param>
    /// <param name="known">What can be set.</param>
    public RecipeSettings(string recipe, IEnumerable<RecipeSetting> known)
    {
        ArgumentNullException.ThrowIfNull(known);
        _recipe = recipe;
        foreach (RecipeSetting setting in known)
        {
            _values.Add(setting.Key, setting.Default);
        }
    }

    /// <summary>All settings as text, in the order in which the recipe lists them.</summary>
    public IReadOnlyDictionary<string, string> Values => _values;

    /// <summary>Sets one of them.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="value">Its value as text.</param>
    /// <exception cref="ArgumentException">The recipe has no such setting; the message suggests the nearest.</exception>
    public void Set(string key, string value)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        if (!_values.ContainsKey(key))
        {
            throw new ArgumentException(NearestName.Explain($"setting of {_recipe}", key, _values.Keys));
        }

        _values[key] = value;
    }

    /// <summary>A setting as it was written.</summary>
    /// <param name="key">Its name.</param>
    public string Text(string key) => _values[key];

    /// <summary>A whole number.</summary>
    /// <param name="key">The setting's name.</param>
    /// <param name="smallest">The least that makes sense.</param>
    /// <exception cref="ArgumentException">The text is no whole number or too small.</exception>
    public int Integer(string key, int smallest) =>
        int.TryParse(_values[key], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value >= smallest
            ? value
            : throw Wrong(key, $"a whole number of at least {smallest}");

    /// <summary>A number.</summary>
    /// <param name="key">The setting's name.</param>
    /// <param name="smallest">The least that makes sense.</param>
    /// <param name="below">What it must stay below.</param>
    /// <exception cref="ArgumentException">The text is no number or out of range.</exception>
    public double Number(string key, double smallest, double below) =>
        TryNumber(key, out double value) && value >= smallest && value < below
            ? value
            : throw Wrong(key, $"a number of at least {smallest} and less than {below}");

    /// <summary>A number greater than 0, or null for <c>off</c>.</summary>
    /// <param name="key">The setting's name.</param>
    /// <exception cref="ArgumentException">The text is neither.</exception>
    public double? PositiveOrOff(string key)
    {
        if (_values[key] == "off")
        {
            return null;
        }

        return TryNumber(key, out double value) && double.IsFinite(value) && value > 0
            ? value
            : throw Wrong(key, "a number greater than 0, or off");
    }

    /// <summary>One of several names.</summary>
    /// <param name="key">The setting's name.</param>
    /// <param name="known">The names.</param>
    /// <exception cref="ArgumentException">The text is none of them.</exception>
    public string OneOf(string key, params ReadOnlySpan<string> known)
    {
        string value = _values[key];
        return known.Contains(value) ? value : throw new ArgumentException(NearestName.Explain($"value of {key}", value, known.ToArray()));
    }

    private bool TryNumber(string key, out double value) =>
        double.TryParse(_values[key], NumberStyles.Float, CultureInfo.InvariantCulture, out value);

    private ArgumentException Wrong(string key, string rule) => new($"The setting {key} is '{_values[key]}'; it must be {rule}.");
}
