using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Residuum;

/// <summary>
/// Checks of option values: each returns the value or throws one sentence with the name, the value and what would be right.
/// </summary>
internal static class Require
{
    public static T NotNull<T>([NotNull] T? value, [CallerArgumentExpression(nameof(value))] string? name = null)
        where T : class => value ?? throw new ArgumentNullException(name);

    public static double NonNegative(double value, string name) =>
        double.IsFinite(value) && value >= 0 ? value : throw Wrong(name, value, "must be finite and at least 0");

    public static double Positive(double value, string name) =>
        double.IsFinite(value) && value > 0 ? value : throw Wrong(name, value, "must be finite and greater than 0");

    public static double InUnitInterval(double value, string name) =>
        value is >= 0 and < 1 ? value : throw Wrong(name, value, "must be at least 0 and less than 1");

    /// <summary>For the decay of a buffer that only groups made with a decay above 0 have.</summary>
    public static double InUnitIntervalWhereKept(double value, bool isKept, string name) =>
        isKept || value == 0 ? InUnitInterval(value, name) : throw Wrong(name, value, "must stay 0 in a group that was made without it");

    public static double InClosedUnitInterval(double value, string name) =>
        value is >= 0 and <= 1 ? value : throw Wrong(name, value, "must be from 0 to 1");

    public static double Fraction(double value, string name) =>
        value is > 0 and <= 1 ? value : throw Wrong(name, value, "must be greater than 0 and at most 1");

    public static long AtLeast(long value, long smallest, string name) =>
        value >= smallest ? value : throw Wrong(name, value, $"must be at least {smallest}");

    public static int Between(int value, int smallest, int largest, string name) =>
        value >= smallest && value <= largest ? value : throw Wrong(name, value, $"must be from {smallest} to {largest}");

    /// <summary>For a product of sizes that becomes the length of one array.</summary>
    public static int ArrayLength(long elements, string name, string what) => elements <= Array.MaxLength
        ? (int)elements
        : throw new ArgumentException(string.Create(
            CultureInfo.InvariantCulture,
            $"The option {name} asks for {what} of {elements} numbers; an array has at most {Array.MaxLength}."), name);

    private static ArgumentOutOfRangeException Wrong(string name, double value, string rule) =>
        new(name, value, $"The option {name} is {value.ToString(CultureInfo.InvariantCulture)}; it {rule}.");
}
