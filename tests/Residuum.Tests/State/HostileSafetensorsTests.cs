using System.Text;
using Residuum.State;

namespace Residuum.Tests.State;

/// <summary>Every hostile or broken file of the format's list: a typed reason each, and nothing else.</summary>
public class HostileSafetensorsTests
{
    [Fact]
    public void Shorter_than_the_length() => Refused(SafetensorsError.HeaderTooSmall, new byte[7]);

    [Fact]
    public void Empty_file() => Refused(SafetensorsError.HeaderTooSmall, []);

    [Theory]
    [InlineData(1UL << 63)]
    [InlineData(ulong.MaxValue)]
    [InlineData(100_000_001UL)]
    public void Header_beyond_the_limit(ulong length) =>
        Refused(SafetensorsError.HeaderTooLarge, SafetensorsBytes.WithLength(length, new byte[64]));

    [Theory]
    [InlineData(65UL)]
    [InlineData(100_000_000UL)]
    public void Header_beyond_the_file(ulong length) =>
        Refused(SafetensorsError.InvalidHeaderLength, SafetensorsBytes.WithLength(length, new byte[64]));

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData(" {}")]
    [InlineData("\uFEFF{}")]
    [InlineData("{")]
    [InlineData("{\"a\"")]
    [InlineData("{} x")]
    [InlineData("{}{}")]
    [InlineData("{}\0")]
    [InlineData("{,}")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}""")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},}""")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"w":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}""")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"\u0077":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}""")]
    [InlineData("""{"w":{"dtype":"F32","shape":[-1],"data_offsets":[0,8]}}""")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1.5],"data_offsets":[0,8]}}""")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1e3],"data_offsets":[0,8]}}""")]
    [InlineData("""{"w":{"dtype":"F32","shape":["2"],"data_offsets":[0,8]}}""")]
    [InlineData("""{"w":{"dtype":"F32","shape":[[2]],"data_offsets":[0,8]}}""")]
    [InlineData("""{"w":{"dtype":"F32","shape":[18446744073709551616],"data_offsets":[0,8]}}""")]
    [InlineData("""{"w":{"dtype":"F32","shape":2,"data_offsets":[0,8]}}""")]
    [InlineData("""{"w":{"dtype":"F33","shape":[2],"data_offsets":[0,8]}}""")]
    [InlineData("""{"w":{"dtype":"f32","shape":[2],"data_offsets":[0,8]}}""")]
    [InlineData("""{"w":{"dtype":4,"shape":[2],"data_offsets":[0,8]}}""")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0]}}""")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,4,8]}}""")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8.0]}}""")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}""")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2]}}""")]
    [InlineData("""{"w":{"dtype":"F32","data_offsets":[0,8]}}""")]
    [InlineData("""{"w":{"shape":[2],"data_offsets":[0,8]}}""")]
    [InlineData("""{"w":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}""")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"strides":[1]}}""")]
    [InlineData("""{"w":null}""")]
    [InlineData("""{"w":[0,8]}""")]
    [InlineData("""{"__metadata__":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""")]
    [InlineData("""{"__metadata__":{"a":1}}""")]
    [InlineData("""{"__metadata__":{"a":null}}""")]
    [InlineData("""{"__metadata__":{"a":{"b":"c"}}}""")]
    [InlineData("""{"__metadata__":"a"}""")]
    [InlineData("""{"__metadata__":null}""")]
    [InlineData("""{"__metadata__":{"a":"b","a":"b"}}""")]
    [InlineData("""{"__metadata__":{},"__metadata__":{}}""")]
    [InlineData("""{"__metadata__":{"a":"\ud800"}}""")]
    [InlineData("""{"\udc00":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} // x""")]
    public void Header_that_is_none(string header) => Refused(SafetensorsError.InvalidHeader, SafetensorsBytes.Of(header, 8));

    [Fact]
    public void Bytes_that_are_not_utf8()
    {
        byte[] header = Encoding.UTF8.GetBytes("""{"w?":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""");
        header[3] = 0xFF;
        Refused(SafetensorsError.InvalidHeader, SafetensorsBytes.Of(header, 8));
    }

    [Theory]
    [InlineData('[')]
    [InlineData('{')]
    public void A_hundred_megabytes_of_nesting(char bracket)
    {
        byte[] header = new byte[100_000_000];
        header.AsSpan().Fill((byte)bracket);
        Encoding.UTF8.GetBytes("{\"w\":").CopyTo(header, 0);
        if (bracket == '{')
        {
            // {"a":{"a":{"a": ...
            byte[] open = Encoding.UTF8.GetBytes("{\"a\":");
            for (int i = 0; i + open.Length <= header.Length; i += open.Length)
            {
                open.CopyTo(header, i);
            }
        }

        Refused(SafetensorsError.InvalidHeader, SafetensorsBytes.Of(header, 0));
    }

    [Theory]
    [InlineData("[0,8]", "[0,8]")]
    [InlineData("[0,8]", "[4,12]")]
    [InlineData("[0,8]", "[12,20]")]
    [InlineData("[4,12]", "[12,20]")]
    [InlineData("[0,8]", "[16,8]")]
    [InlineData("[8,0]", "[0,8]")]
    [InlineData("[0,8]", "[18446744073709551608,18446744073709551615]")]
    public void Overlaps_holes_and_reversed_offsets(string first, string second) => Refused(
        SafetensorsError.InvalidOffset,
        SafetensorsBytes.Of(
            $$$"""
            {"a":{"dtype":"F32","shape":[2],"data_offsets":{{{first}}}},
             "b":{"dtype":"F32","shape":[2],"data_offsets":{{{second}}}}}
            """,
            20));

    [Theory]
    [InlineData("F32", "[8589934592,8589934592]")]
    [InlineData("F32", "[8589934592,8589934592,0]")]
    [InlineData("U8", "[2305843009213693952]")]
    [InlineData("F64", "[1152921504606846976]")]
    [InlineData("U8", "[18446744073709551615]")]
    [InlineData("F4", "[18446744073709551615,0]")]
    public void Sizes_that_do_not_fit_64_bits(string type, string shape) =>
        Refused(
            SafetensorsError.ValidationOverflow,
            SafetensorsBytes.Of($$$"""{"w":{"dtype":"{{{type}}}","shape":{{{shape}}},"data_offsets":[0,8]}}""", 8));

    [Theory]
    [InlineData("F4", "[3]")]
    [InlineData("F6_E2M3", "[3]")]
    public void Parts_of_bytes(string type, string shape) =>
        Refused(
            SafetensorsError.MisalignedSlice,
            SafetensorsBytes.Of($$$"""{"w":{"dtype":"{{{type}}}","shape":{{{shape}}},"data_offsets":[0,2]}}""", 2));

    [Theory]
    [InlineData("F32", "[3]")]
    [InlineData("F32", "[]")]
    [InlineData("F32", "[2,0]")]
    [InlineData("F64", "[2]")]
    public void Shapes_that_do_not_fit_the_range(string type, string shape) =>
        Refused(
            SafetensorsError.TensorInvalidInfo,
            SafetensorsBytes.Of($$$"""{"w":{"dtype":"{{{type}}}","shape":{{{shape}}},"data_offsets":[0,8]}}""", 8));

    [Theory]
    [InlineData(7)]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(1000)]
    public void Missing_and_left_over_bytes(int bytes) =>
        Refused(
            SafetensorsError.MetadataIncompleteBuffer,
            SafetensorsBytes.Of("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", bytes));

    [Fact]
    public void Offset_beyond_the_file_allocates_nothing() => Refused(
        SafetensorsError.MetadataIncompleteBuffer,
        SafetensorsBytes.Of("""{"w":{"dtype":"U8","shape":[2000000000000000000],"data_offsets":[0,2000000000000000000]}}""", 8));

    [Fact]
    public void Bytes_without_tensors() => Refused(SafetensorsError.MetadataIncompleteBuffer, SafetensorsBytes.Of("{}", 1));

    [Fact]
    public void Every_truncation_of_a_file_is_refused()
    {
        byte[] golden = SafetensorsBytes.Golden;
        for (int length = 0; length < golden.Length; length++)
        {
            SafetensorsError expected = length < 8 ? SafetensorsError.HeaderTooSmall
                : length < 104 ? SafetensorsError.InvalidHeaderLength
                : SafetensorsError.MetadataIncompleteBuffer;
            Refused(expected, golden[..length]);
        }
    }

    [Fact]
    public void No_single_changed_byte_of_a_header_does_more_than_be_refused_or_read()
    {
        using TemporaryFolder folder = new();
        byte[] golden = SafetensorsBytes.Golden;
        for (int position = 0; position < 104; position++)
        {
            foreach (byte value in (byte[])[0, 1, (byte)'"', (byte)'{', (byte)'}', (byte)'9', 0x7F, 0x80, 0xFF])
            {
                byte[] changed = [.. golden];
                changed[position] = value;
                try
                {
                    SafetensorsFile.Open(folder.File("changed", changed)).Dispose();
                }
                catch (SafetensorsException exception)
                {
                    Assert.NotEmpty(exception.Message);
                }
            }
        }
    }

    private static void Refused(SafetensorsError expected, byte[] content)
    {
        using TemporaryFolder folder = new();
        SafetensorsException exception = Assert.Throws<SafetensorsException>(() => SafetensorsFile.Open(folder.File("hostile", content)));
        Assert.Equal(expected, exception.Reason);
    }
}
