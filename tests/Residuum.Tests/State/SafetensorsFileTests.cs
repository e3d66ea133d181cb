using Residuum.State;

namespace Residuum.Tests.State;

public class SafetensorsFileTests
{
    [Fact]
    public void The_golden_file_is_read()
    {
        using TemporaryFolder folder = new();
        using SafetensorsFile file = SafetensorsFile.Open(folder.File("golden", SafetensorsBytes.Golden));
        Assert.Equal("residuum", file.Metadata["format"]);
        TensorInfo tensor = Assert.Single(file.Tensors);
        Assert.Equal(("w", "F32", "[2]", 0L, 8L), (tensor.Name, tensor.TypeName, tensor.ShapeText, tensor.Offset, tensor.Bytes));
        float[] values = new float[2];
        file.Read("w", ElementType.F32, values.AsSpan());
        Assert.Equal([1f, -2f], values);
    }

    [Fact]
    public void Scalars_empty_tensors_and_odd_offsets_are_legal()
    {
        using TemporaryFolder folder = new();
        const string Header =
            """
            {"c":{"data_offsets":[1,5],"shape":[],"dtype":"I32"},"a":{"dtype":"BOOL","shape":[1],"data_offsets":[0,1]},
             "e":{"dtype":"F64","shape":[3,0,2],"data_offsets":[1,1]}}
            """;
        byte[] bytes = SafetensorsBytes.Of(Header, 5);
        bytes[^4] = 7;
        using SafetensorsFile file = SafetensorsFile.Open(folder.File("f", bytes));
        Assert.Equal(["a", "e", "c"], file.Tensors.Select(tensor => tensor.Name));
        int[] scalar = new int[1];
        file.Read("c", ElementType.I32, scalar.AsSpan());
        Assert.Equal(7, scalar[0]);
        file.Read("e", ElementType.F64, Span<double>.Empty);
    }

    [Fact]
    public void A_file_without_tensors_is_legal()
    {
        using TemporaryFolder folder = new();
        using SafetensorsFile file = SafetensorsFile.Open(folder.File("f", SafetensorsBytes.Of("{}   ", 0)));
        Assert.Empty(file.Tensors);
        Assert.Empty(file.Metadata);
    }

    [Theory]
    [InlineData("F4", 6, 3)]
    [InlineData("F6_E2M3", 4, 3)]
    [InlineData("F6_E3M2", 4, 3)]
    [InlineData("F8_E5M2", 3, 3)]
    [InlineData("F8_E4M3", 3, 3)]
    [InlineData("F8_E8M0", 3, 3)]
    [InlineData("F8_E4M3FNUZ", 3, 3)]
    [InlineData("F8_E5M2FNUZ", 3, 3)]
    [InlineData("C64", 2, 16)]
    public void Types_that_are_not_decoded_are_listed_and_copied_but_refused_to_decode(string type, int count, int bytes)
    {
        using TemporaryFolder folder = new();
        byte[] content = SafetensorsBytes.Of(
            $$$"""{"x":{"dtype":"{{{type}}}","shape":[{{{count}}}],"data_offsets":[0,{{{bytes}}}]}}""", bytes);
        content.AsSpan(^bytes..).Fill(0xA5);
        using SafetensorsFile file = SafetensorsFile.Open(folder.File("f", content));
        Assert.Null(file.Tensors[0].Type);
        SafetensorsWriter.Write(folder.File("copy"), [TensorSource.Copy(file, file.Tensors[0], "y")]);
        using SafetensorsFile copy = SafetensorsFile.Open(folder.File("copy"));
        byte[] copied = new byte[bytes];
        copy.OpenTensor("y").ReadExactly(copied);
        Assert.All(copied, value => Assert.Equal(0xA5, value));
        Assert.Equal(type, copy.Tensors[0].TypeName);
        SafetensorsException exception = Assert.Throws<SafetensorsException>(
            () => file.Read("x", ElementType.U8, new byte[bytes].AsSpan()));
        Assert.Equal(SafetensorsError.TypeMismatch, exception.Reason);
        Assert.Equal(
            SafetensorsError.TypeMismatch, Assert.Throws<SafetensorsException>(() => file.ReadAsFloat32("x", new float[count])).Reason);
    }

    [Fact]
    public void Half_precision_is_widened_exactly()
    {
        using TemporaryFolder folder = new();
        ushort[] all = [.. Enumerable.Range(0, 65536).Select(bits => (ushort)bits)];
        SafetensorsWriter.Write(
            folder.File("f"), [StateFieldSource("h", ElementType.F16, all), StateFieldSource("b", ElementType.BF16, all)]);
        using SafetensorsFile file = SafetensorsFile.Open(folder.File("f"));
        float[] halves = new float[65536];
        float[] upper = new float[65536];
        file.ReadAsFloat32("h", halves);
        file.ReadAsFloat32("b", upper);
        for (int bits = 0; bits < 65536; bits++)
        {
            Assert.Equal((float)BitConverter.UInt16BitsToHalf((ushort)bits), halves[bits]);
            Assert.Equal((uint)bits << 16, BitConverter.SingleToUInt32Bits(upper[bits]));
        }
    }

    [Fact]
    public void A_missing_name_and_a_wrong_destination_are_told()
    {
        using TemporaryFolder folder = new();
        using SafetensorsFile file = SafetensorsFile.Open(folder.File("golden", SafetensorsBytes.Golden));
        Assert.Equal(SafetensorsError.TensorNotFound, Assert.Throws<SafetensorsException>(() => file.OpenTensor("v")).Reason);
        SafetensorsException type = Assert.Throws<SafetensorsException>(() => file.Read("w", ElementType.I32, new int[2].AsSpan()));
        Assert.Equal(SafetensorsError.TypeMismatch, type.Reason);
        Assert.Throws<ArgumentException>(() => file.Read("w", ElementType.F32, new float[3].AsSpan()));
        Assert.Throws<ArgumentException>(() => file.Read("w", ElementType.F32, new double[1].AsSpan()));
    }

    [Fact]
    public void A_file_that_shrinks_while_it_is_open_is_told()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("golden", SafetensorsBytes.Golden);
        using SafetensorsFile file = SafetensorsFile.Open(path);
        using (FileStream other = new(
            path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite }))
        {
            other.SetLength(108);
        }

        SafetensorsException exception = Assert.Throws<SafetensorsException>(() => file.Read("w", ElementType.F32, new float[2].AsSpan()));
        Assert.Equal(SafetensorsError.Truncated, exception.Reason);
    }

    internal static TensorSource StateFieldSource(string name, ElementType type, ushort[] values) =>
        TensorSource.Of(name, type, [values.Length], StateField.Of<ushort>(null, new FieldSpec(name, type, values.Length), values).Write);
}
