using System.Globalization;
using System.Text.Json;
using Residuum.Optimizers;
using Residuum.Preconditioning;

namespace Residuum.Replay;

/// <summary>What a golden case expects of one sketch: the escaped mass and the squares of the singular values, largest first.</summary>
internal sealed class GoldenSketch
{
    // Of the sketch's largest value.
    private const double Tolerance = 1e-3;

    private readonly double _escapedMass;
    private readonly double[] _eigenvalues;

    private GoldenSketch(JsonElement element)
    {
        _escapedMass = element.GetProperty("rho").GetDouble();
        _eigenvalues = [.. element.GetProperty("eigenvalues").EnumerateArray().Select(value => value.GetDouble())];
    }

    /// <summary>Reads the check of one parameter: one sketch, or for every block a list of one for every axis.</summary>
    /// <exception cref="FormatException">It is neither.</exception>
    public static GoldenSketch[][] Blocks(JsonElement element)
    {
        try
        {
            return element.ValueKind == JsonValueKind.Object
                ? [[new GoldenSketch(element)]]
                : [.. element.EnumerateArray().Select(block => block.EnumerateArray().Select(axis => new GoldenSketch(axis)).ToArray())];
        }
        catch (KeyNotFoundException exception)
        {
            throw new FormatException($"A sketch of the case lacks 'rho' or 'eigenvalues': {exception.Message}", exception);
        }
    }

    /// <summary>Says in what a parameter's sketches are not those expected, or null if they are.</summary>
    public static string? Difference(GoldenSketch[][] expected, Optimizer optimizer, Parameter? parameter)
    {
        if (optimizer is not ISketched sketched || parameter is null)
        {
            return "the case has a 'sketch' of what has none";
        }

        IReadOnlyList<IReadOnlyList<FrequentDirections>> actual = sketched.SketchesOf(parameter);
        if (actual.Count != expected.Length)
        {
            return $"has the sketches of {actual.Count} blocks, expected {expected.Length}";
        }

        for (int block = 0; block < expected.Length; block++)
        {
            if (actual[block].Count != expected[block].Length)
            {
                return $"block {block} has {actual[block].Count} sketches, expected {expected[block].Length}";
            }

            for (int axis = 0; axis < expected[block].Length; axis++)
            {
                if (expected[block][axis].Difference(actual[block][axis]) is string difference)
                {
                    return $"the sketch of block {block}, axis {axis}: {difference}";
                }
            }
        }

        return null;
    }

    private string? Difference(FrequentDirections sketch)
    {
        double allowed = Tolerance * Math.Max(_escapedMass, _eigenvalues.DefaultIfEmpty(0).Max());
        if (!(Math.Abs(sketch.EscapedMass[0] - _escapedMass) <= allowed))
        {
            return Text("rho", sketch.EscapedMass[0], _escapedMass);
        }

        // Directions that do not exist have the eigenvalue 0, whether they are listed or not.
        for (int j = 0; j < Math.Max(sketch.Rank, _eigenvalues.Length); j++)
        {
            double s = j < sketch.Rank ? sketch.SingularValues[j] : 0;
            double expected = j < _eigenvalues.Length ? _eigenvalues[j] : 0;
            if (!(Math.Abs(s * s - expected) <= allowed))
            {
                return Text($"eigenvalue {j}", s * s, expected);
            }
        }

        return null;
    }

    private static string Text(string what, double actual, double expected) =>
        string.Create(CultureInfo.InvariantCulture, $"{what} is {actual:G6}, expected {expected:G6}");
}
