using System.Globalization;

namespace Residuum.Schedules;

/// <summary>Settings as text that reads back to the same bits.</summary>
internal static class SettingText
{
    public static KeyValuePair<string, string> Of(string name, double value) =>
        new(name, value.ToString("R", CultureInfo.InvariantCulture));

    public static KeyValuePair<string, string> Of(string name, long value) => new(name, value.ToString(CultureInfo.InvariantCulture));

    public static KeyValuePair<string, string> Of(string name, bool value) => new(name, value ? "true" : "false");

    public static KeyValuePair<string, string> Of(string name, string value) => new(name, value);

    /// <summary>A list as numbers with slashes between, which neither the command line nor a shell takes for anything else.</summary>
    public static KeyValuePair<string, string> Of(string name, IReadOnlyList<long> values) =>
        new(name, string.Join('/', values.Select(value => value.ToString(CultureInfo.InvariantCulture))));
}
