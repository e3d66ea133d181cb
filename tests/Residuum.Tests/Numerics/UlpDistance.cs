namespace Residuum.Tests.Numerics;

/// <summary>How far a float32 result is from an exact value, in units in the last place of the exact value rounded to float32.</summary>
internal static class UlpDistance
{
    public static double Of(float actual, double exact)
    {
        float rounded = (float)exact;
        if (float.IsNaN(rounded) || float.IsNaN(actual) || float.IsInfinity(rounded) || float.IsInfinity(actual))
        {
            return actual.Equals(rounded) ? 0 : double.PositiveInfinity;
        }

        double unit = (double)MathF.BitIncrement(Math.Abs(rounded)) - Math.Abs(rounded);
        return Math.Abs(actual - exact) / Math.Min(unit, float.MaxValue);
    }
}
