namespace Residuum.Preconditioning;

/// <summary>What <see cref="GradientSpectra"/> saw along one axis of one tensor.</summary>
/// <param name="Parameter">The tensor's name.</param>
/// <param name="Axis">The axis, from 0.</param>
/// <param name="Length">Its length.</param>
/// <param name="Spectrum">Of the dense second moment.</param>
/// <param name="Rank">The directions of the sketch beside it: a quarter of the length.</param>
/// <param name="EscapedMass">The sketch's escaped mass as a share of the dense second moment's largest eigenvalue.</param>
public sealed record AxisSpectrum(string Parameter, int Axis, int Length, Spectrum Spectrum, int Rank, double EscapedMass);
