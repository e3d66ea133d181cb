using System.Text;
using Residuum.State;

namespace Residuum.Tests.State;

public class LargeFileTests
{
    [Fact]
    public void Tensors_beyond_two_gigabytes_are_read_in_place()
    {
        // The file has holes for its zeros; it takes a page or two of the disk.
        using TemporaryFolder folder = new();
        const long Long = 5_000_000_000;
        byte[] header = Encoding.UTF8.GetBytes(
            $$$"""
            {"long":{"dtype":"U8","shape":[{{{Long}}}],"data_offsets":[0,{{{Long}}}]},
             "last":{"dtype":"I32","shape":[],"data_offsets":[{{{Long}}},{{{Long + 4}}}]}}
            """);
        string path = folder.File("f", SafetensorsBytes.Of(header, 0));
        using (FileStream stream = File.OpenWrite(path))
        {
            stream.SetLength(stream.Length + Long);
            stream.Seek(0, SeekOrigin.End);
            stream.Write([1, 2, 3, 4]);
        }

        using SafetensorsFile file = SafetensorsFile.Open(path);
        Assert.Equal(Long, file.OpenTensor("long").Length);
        int[] last = new int[1];
        file.Read("last", ElementType.I32, last.AsSpan());
        Assert.Equal(0x04030201, last[0]);
    }

    [Fact]
    public void Saving_and_loading_allocate_little_beside_the_tensors()
    {
        using TemporaryFolder folder = new();
        CheckpointContent content = new();
        foreach (string name in (string[])["a", "b", "c", "d"])
        {
            content.Add(new Parameter(name, 4_000_000));
        }

        Checkpoint.Save(folder.File("warm"), content);
        Checkpoint.Load(folder.File("warm"), content);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Checkpoint.Save(folder.File("c"), content);
        Checkpoint.Load(folder.File("c"), content);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.InRange(allocated, 0, 4_000_000);
    }
}
