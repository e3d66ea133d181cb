using System.Globalization;
using Residuum.Preconditioning;

namespace Residuum.Optimizers;

/// <summary>Makes the entries of an <see cref="OptionTable{TOptions}"/>.</summary>
internal static class Option
{
    public static Option<TOptions> Number<TOptions>(
        string name, Func<TOptions, double> get, Func<TOptions, double, TOptions> set, bool live = false) =>
        new(name, live, "a number", o => get(o).ToString("R", CultureInfo.InvariantCulture), (o, text) =>
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double x)
                ? set(o, x)
                : throw Wrong(name, text, "a number"));

    /// <summary>A number that may be absent, written <c>null</c>.</summary>
    public static Option<TOptions> OptionalNumber<TOptions>(
        string name, Func<TOptions, double?> get, Func<TOptions, double?, TOptions> set, bool live = false)
    {
        Option<TOptions> number = Number<TOptions>(name, o => get(o)!.Value, (o, x) => set(o, x), live);
        return number with
        {
            Wanted = "a number or null",
            Get = o => get(o) is null ? "null" : number.Get(o),
            Set = (o, text) => text == "null" ? set(o, null) : number.Set(o, text),
        };
    }

    public static Option<TOptions> Subset<TOptions>(string name, Func<TOptions, SubsetSize> get, Func<TOptions, SubsetSize, TOptions> set)
    {
        const string wanted = "heuristic, null, or a whole number other than 0";
        return new(
            name,
            IsLive: false,
            wanted,
            o => get(o).ToString(),
            (o, text) => set(o, SubsetSize.Parse(text) ?? throw Wrong(name, text, wanted)));
    }

    public static Option<TOptions> Integer<TOptions>(string name, Func<TOptions, int> get, Func<TOptions, int, TOptions> set) =>
        new(
            name,
            IsLive: false,
            "a whole number",
            o => get(o).ToString(CultureInfo.InvariantCulture),
            (o, text) => set(o, ParseInteger(name, text)));

    public static Option<TOptions> Flag<TOptions>(string name, Func<TOptions, bool> get, Func<TOptions, bool, TOptions> set) =>
        new(name, IsLive: false, "true or false", o => get(o) ? "true" : "false", (o, text) => text switch
        {
            "true" => set(o, true),
            "false" => set(o, false),
            _ => throw Wrong(name, text, "true or false"),
        });

    public static Option<TOptions> Text<TOptions>(string name, Func<TOptions, string> get, Func<TOptions, string, TOptions> set) =>
        new(name, IsLive: false, "text", get, set);

    /// <summary>An enumerated option; its values are written in camelCase.</summary>
    public static Option<TOptions> Choice<TOptions, TChoice>(
        string name, Func<TOptions, TChoice> get, Func<TOptions, TChoice, TOptions> set)
        where TChoice : struct, Enum
    {
        string allowed = string.Join(", ", Enum.GetNames<TChoice>().Select(CamelCase));
        return new(name, IsLive: false, $"one of {allowed}", o => CamelCase(get(o).ToString()), (o, text) =>
        {
            foreach (TChoice choice in Enum.GetValues<TChoice>())
            {
                if (CamelCase(choice.ToString()) == text)
                {
                    return set(o, choice);
                }
            }

            throw Wrong(name, text, $"one of {allowed}");
        });
    }

    private static int ParseInteger(string name, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double x)
            && x == Math.Floor(x)
            && Math.Abs(x) <= int.MaxValue
            ? (int)x
            : throw Wrong(name, text, "a whole number");

    private static ArgumentException Wrong(string name, string text, string wanted) =>
        new($"The option {name} is '{text}'; it must be {wanted}.", name);

    private static string CamelCase(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
