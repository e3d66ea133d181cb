namespace Residuum.Schedules;

/// <summary>Ways from one rate to another while a fraction goes from 0 to 1.</summary>
internal static class Annealing
{
    public static double Between(AnnealingShape shape, double start, double end, double fraction) => shape switch
    {
        AnnealingShape.Linear => start + ((end - start) * fraction),
        AnnealingShape.Cosine => Cosine(start, end, fraction),
        _ => end + ((start - end) * (1 - Math.Sqrt(fraction))),
    };

    /// <summary>Half a cosine wave: end + (start - end) (1 + cos(pi x)) / 2.</summary>
    public static double Cosine(double start, double end, double fraction) =>
        end + ((start - end) * (1 + Math.Cos(Math.PI * fraction)) / 2);

    /// <summary>The shape's name in schedule texts.</summary>
    public static string Name(AnnealingShape shape) => shape switch
    {
        AnnealingShape.Linear => "linear",
        AnnealingShape.Cosine => "cosine",
        _ => "one-minus-sqrt",
    };
}
