using Residuum.Cli.Reports;

namespace Residuum.Cli.Tests.Reports;

public sealed class NumberTextTests
{
    [Theory]
    [InlineData(0.001, "0.001")]
    [InlineData(0.0003, "3e-4")]
    [InlineData(2.5e-5, "2.5e-5")]
    [InlineData(0.1, "0.1")]
    [InlineData(0, "0")]
    public void Rates_are_as_one_would_type_them(double rate, string expected) => Assert.Equal(expected, NumberText.Rate(rate));

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(215_840, "216 kB")]
    [InlineData(999_999, "1 MB")]
    [InlineData(1_881_168, "1.88 MB")]
    [InlineData(123_456_789, "123 MB")]
    [InlineData(999_700_000, "1 GB")]
    [InlineData(25_300_000_000, "25.3 GB")]
    public void Bytes_take_the_unit_that_fits(double bytes, string expected) => Assert.Equal(expected, NumberText.Bytes(bytes));

    [Theory]
    [InlineData(7, "0:07")]
    [InlineData(205, "3:25")]
    [InlineData(3729, "1:02:09")]
    [InlineData(double.NaN, "?")]
    public void Durations_read_like_a_clock(double seconds, string expected) => Assert.Equal(expected, NumberText.Duration(seconds));

    [Theory]
    [InlineData(0.41234, "0.4123")]
    [InlineData(12.3456, "12.346")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "infinite")]
    public void Losses_have_about_five_digits(double loss, string expected) => Assert.Equal(expected, NumberText.Loss(loss));
}
