using System.Text;
using Residuum.Training.Logging;

namespace Residuum.Training.Tests.Logging;

public sealed class EventFileWriterTests
{
    private const string FileVersionRecord = "1800000000000000a37f4b2209000000000000f03f1a0d627261696e2e4576656e743a3286bf577a";
    private const string ScalarRecord = "1a00000000000000129bd82d09000000000000044010072a0d0a0b0a046c6f7373150000003f587545b7";

    [Fact]
    public void Checksum_has_the_published_check_value()
    {
        Assert.Equal(0xE3069283u, MaskedCrc32C.Crc(Encoding.ASCII.GetBytes("123456789")));
        Assert.Equal(0xC78AB0E5u, MaskedCrc32C.Of(Encoding.ASCII.GetBytes("123456789")));
    }

    [Fact]
    public void First_record_is_the_recorded_one()
    {
        using TemporaryDirectory directory = new();
        using EventFileWriter writer = new(directory.Root, clock: new FixedClock(1.0));

        Assert.Equal(FileVersionRecord, HexOf(writer.FilePath));
        Assert.StartsWith("events.out.tfevents.0000000001.", Path.GetFileName(writer.FilePath), StringComparison.Ordinal);
    }

    [Fact]
    public void Scalar_record_is_the_recorded_one_and_is_in_the_file_before_it_is_closed()
    {
        using TemporaryDirectory directory = new();
        using EventFileWriter writer = new(directory.Root, clock: new FixedClock(2.5));
        writer.AddScalars(7, new KeyValuePair<string, double>("loss", 0.5));

        Assert.EndsWith(ScalarRecord, HexOf(writer.FilePath), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_writers_in_one_second_make_two_files()
    {
        using TemporaryDirectory directory = new();
        using EventFileWriter first = new(directory.Root, clock: new FixedClock(1.0));
        using EventFileWriter second = new(directory.Root, clock: new FixedClock(1.0));

        Assert.NotEqual(first.FilePath, second.FilePath);
    }

    [Fact]
    public void Resumed_file_tells_the_reader_to_drop_later_events()
    {
        using TemporaryDirectory directory = new();
        using EventFileWriter writer = new(directory.Root, resumedAtStep: 4, clock: new FixedClock(1.0));

        // wall_time 1.0, step 5, session_log { status: START }.
        Assert.Contains("09000000000000f03f10053a020801", HexOf(writer.FilePath), StringComparison.Ordinal);
    }

    [Fact]
    public void Histogram_counts_finite_values_in_their_buckets()
    {
        HistogramBuckets buckets = new([0f, 0f, 1f, -1f, 1e30f, float.NaN, float.PositiveInfinity]);

        Assert.Equal(5, buckets.Count);
        Assert.Equal(-1, buckets.Minimum);
        Assert.Equal(1e30f, buckets.Maximum);
        string message = Convert.ToHexString(buckets.ToMessage().Bytes);
        Assert.Contains(Convert.ToHexString(BitConverter.GetBytes(5.0)), message, StringComparison.Ordinal);
        Assert.Contains(Convert.ToHexString(BitConverter.GetBytes(double.MaxValue)), message, StringComparison.Ordinal);
    }

    [Fact]
    public void Histogram_of_nothing_has_no_infinite_limits()
    {
        string message = Convert.ToHexString(new HistogramBuckets([]).ToMessage().Bytes);
        Assert.DoesNotContain(Convert.ToHexString(BitConverter.GetBytes(double.PositiveInfinity)), message, StringComparison.Ordinal);
    }

    private static string HexOf(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
