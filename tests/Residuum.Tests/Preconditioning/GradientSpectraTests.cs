using Residuum.Numerics;
using Residuum.Preconditioning;

namespace Residuum.Tests.Preconditioning;

/// <summary>Spectra of what is known beforehand.</summary>
public sealed class GradientSpectraTests
{
    [Fact]
    public void A_single_direction_has_dimension_one_and_all_mass_in_the_top()
    {
        Parameter weight = new("weight", 8, 12);
        GradientSpectra spectra = new([weight, new Parameter("bias", 8)], decay: 0.9, longestAxis: 100, new WorkSharing(2));
        for (int step = 0; step < 3; step++)
        {
            for (int i = 0; i < weight.Length; i++)
            {
                weight.Gradient.Span[i] = (step + 1) * (1 + (i / 12)) * (2 - (i % 12));
            }

            spectra.Observe();
        }

        IReadOnlyList<AxisSpectrum> report = spectra.Report();
        Assert.Equal([(0, 8, 2), (1, 12, 3)], report.Select(axis => (axis.Axis, axis.Length, axis.Rank)));
        Assert.All(report, axis => Assert.Equal(1, axis.Spectrum.IntrinsicDimension, 1e-4));
        Assert.All(report, axis => Assert.Equal(1, axis.Spectrum.TopQuarterMass, 1e-4));
        Assert.All(report, axis => Assert.Equal(0, axis.EscapedMass, 1e-4));
    }

    [Fact]
    public void Equal_directions_have_the_dimension_of_the_axis_and_a_quarter_in_the_top()
    {
        Parameter weight = new("weight", 8, 8);
        for (int i = 0; i < 8; i++)
        {
            weight.Gradient.Span[9 * i] = 3;
        }

        GradientSpectra spectra = new([weight], decay: 1, longestAxis: 8, WorkSharing.Alone);
        spectra.Observe();
        Assert.All(spectra.Report(), axis =>
        {
            Assert.Equal(8, axis.Spectrum.IntrinsicDimension, 1e-5);
            Assert.Equal(0.25, axis.Spectrum.TopQuarterMass, 1e-5);
            Assert.Equal(1, axis.EscapedMass, 1e-5);
        });
    }

    [Fact]
    public void Axes_that_are_too_long_are_left_out() =>
        Assert.Equal([0, 2], new GradientSpectra([new Parameter("kernel", 4, 9, 3)], 0.9, longestAxis: 4, WorkSharing.Alone).Report().Select(axis => axis.Axis));

    /// <summary>The paper's reference in small: of many columns the spectrum is flat, of one it is that of a short memory.</summary>
    [Fact]
    public void Random_numbers_prefer_no_direction()
    {
        Spectrum one = new GaussianSpectrum(size: 64, columns: 1, draws: 10_000, decay: 0.999).Run(0, WorkSharing.Alone);
        Spectrum many = new GaussianSpectrum(size: 64, columns: 16, draws: 2_000, decay: 0.999).Run(0, new WorkSharing(2));
        Assert.InRange(one.IntrinsicDimension, 40, 60);
        Assert.InRange(many.IntrinsicDimension, 55, 64);
        Assert.InRange(many.TopQuarterMass, 0.25, 0.32);
        Assert.Equal(many, new GaussianSpectrum(size: 64, columns: 16, draws: 2_000, decay: 0.999).Run(0, WorkSharing.Alone));
    }
}
