namespace Residuum.Preconditioning;

/// <summary>How a <see cref="SketchedFactor"/> gathers and inverts: the options of S-Shampoo that concern it.</summary>
/// <param name="Sketch">Decays, weight and rank tolerance of the sketch.</param>
/// <param name="Epsilon">What is added to eigenvalues and escaped mass.</param>
/// <param name="IsRelative">Whether it is a share of the largest eigenvalue.</param>
/// <param name="Exponent">e, negative.</param>
/// <param name="Every">Steps from one update of sketch and root to the next.</param>
internal sealed record SketchedFactorSettings(SketchDecay Sketch, double Epsilon, bool IsRelative, double Exponent, int Every);
