using System.Buffers.Binary;
using System.Text;
using Residuum.State;

namespace Residuum.Tests.State;

public class SafetensorsWriterTests
{
    [Fact]
    public void The_golden_file_is_written_byte_for_byte_but_for_the_padding()
    {
        using TemporaryFolder folder = new();
        float[] values = [1, -2];
        SafetensorsWriter.Write(
            folder.File("f"), [Source("w", ElementType.F32, values)], new Dictionary<string, string> { ["format"] = "residuum" });
        byte[] written = File.ReadAllBytes(folder.File("f"));
        byte[] golden = SafetensorsBytes.Golden;
        Assert.Equal(128 - 8, BinaryPrimitives.ReadInt64LittleEndian(written));
        Assert.Equal(Encoding.UTF8.GetString(golden[8..104]).TrimEnd(' '), Encoding.UTF8.GetString(written[8..128]).TrimEnd(' '));
        Assert.Equal(golden[104..], written[128..]);
    }

    [Fact]
    public void Wider_elements_come_first_so_that_each_tensor_is_aligned()
    {
        using TemporaryFolder folder = new();
        SafetensorsWriter.Write(
            folder.File("f"),
            [
                Source<byte>("a", ElementType.U8, [1, 2, 3]),
                Source<float>("z", ElementType.F32, [1]),
                Source<float>("b", ElementType.F32, [2, 3]),
                Source<long>("y", ElementType.I64, [long.MaxValue]),
                Source<ushort>("h", ElementType.BF16, [1, 2, 3]),
            ]);
        using SafetensorsFile file = SafetensorsFile.Open(folder.File("f"));
        Assert.Equal(["y", "b", "z", "h", "a"], file.Tensors.Select(tensor => tensor.Name));
        Assert.Equal(0, file.BufferOffset % 64);
        Assert.All(file.Tensors, tensor => Assert.Equal(0, tensor.Offset % tensor.Type!.Value.ByteSize));
    }

    [Fact]
    public void Bits_of_NaN_and_names_in_any_script_survive()
    {
        using TemporaryFolder folder = new();
        uint[] bits = [0x7FC00001, 0xFFA5A5A5, 0x80000000, 0x7F800000, 1];
        const string Name = "größe \"quoted\" \\ 重み.\t😀";
        SafetensorsWriter.Write(folder.File("f"), [Source(Name, ElementType.F32, bits)], new Dictionary<string, string> { [Name] = Name });
        using SafetensorsFile file = SafetensorsFile.Open(folder.File("f"));
        uint[] read = new uint[bits.Length];
        file.Read(Name, ElementType.F32, read.AsSpan());
        Assert.Equal(bits, read);
        Assert.Equal(Name, file.Metadata[Name]);
    }

    [Fact]
    public void Names_that_are_used_twice_or_reserved_are_refused_and_nothing_is_written()
    {
        using TemporaryFolder folder = new();
        TensorSource tensor = Source<byte>("a", ElementType.U8, [1]);
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(folder.File("f"), [tensor, tensor]));
        Assert.Throws<ArgumentException>(
            () => SafetensorsWriter.Write(folder.File("f"), [Source<byte>("__metadata__", ElementType.U8, [1])]));
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    public void A_tensor_of_another_length_than_announced_is_refused_and_the_old_file_stays(int bytes)
    {
        using TemporaryFolder folder = new();
        string path = folder.File("f", [1, 2, 3]);
        TensorSource wrong = TensorSource.Of("a", ElementType.U8, [4], stream => stream.Write(new byte[bytes]));
        Assert.Throws<InvalidOperationException>(() => SafetensorsWriter.Write(path, [wrong]));
        Assert.Equal([1, 2, 3], File.ReadAllBytes(path));
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_failure_while_writing_removes_what_was_begun_and_keeps_the_old_file()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("f", [1, 2, 3]);
        TensorSource failing = TensorSource.Of("a", ElementType.U8, [4], _ => throw new NotSupportedException("no"));
        Assert.Throws<NotSupportedException>(() => SafetensorsWriter.Write(path, [failing]));
        Assert.Equal([1, 2, 3], File.ReadAllBytes(path));
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_target_that_cannot_be_replaced_leaves_nothing_behind()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder.File("taken"));
        Assert.ThrowsAny<IOException>(() => SafetensorsWriter.Write(folder.File("taken"), [Source<byte>("a", ElementType.U8, [1])]));
        Assert.Empty(Directory.GetFiles(folder.Path));
        Assert.True(Directory.Exists(folder.File("taken")));
    }

    [Fact]
    public void A_folder_that_does_not_exist_is_told()
    {
        using TemporaryFolder folder = new();
        IOException exception = Assert.ThrowsAny<IOException>(
            () => SafetensorsWriter.Write(folder.File("none/f"), [Source<byte>("a", ElementType.U8, [1])]));
        Assert.Contains("Nothing was overwritten", exception.Message, StringComparison.Ordinal);
    }

    internal static TensorSource Source<T>(string name, ElementType type, T[] values)
        where T : unmanaged
    {
        StateField field = StateField.Of<T>(null, new FieldSpec(name, type, values.Length), values);
        return TensorSource.Of(name, type, field.Spec.Shape, field.Write);
    }
}
