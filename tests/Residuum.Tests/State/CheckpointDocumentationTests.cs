using System.Diagnostics;
using Residuum.State;

namespace Residuum.Tests.State;

public class CheckpointDocumentationTests
{
    [PythonFact]
    public void The_Python_script_of_the_page_reads_a_checkpoint()
    {
        using TemporaryFolder folder = new();
        CheckpointContent content = new();
        content.Require("method", "test");
        content.Add(new Parameter("layer.weight", [2, 3], new float[] { 1, -2, 0.5f, 4, 5, 6 }, new float[6]));
        content.Add(
            StateField.Of<ushort>("layer.weight", new FieldSpec("m", ElementType.BF16, 2), new ushort[] { 0x3F80, 0xC000 }), "optim.");
        content.Add(StateField.Of<byte>("layer.weight", new FieldSpec("error", ElementType.U8, 3), new byte[] { 1, 2, 255 }), "optim.");
        content.Add(StateField.Of<long>(null, new FieldSpec("trainer.step", ElementType.I64), new[] { 9007199254740993 }));
        Checkpoint.Save(folder.File("c"), content);
        File.WriteAllText(folder.File("read.py"), Script());

        ProcessStartInfo start = new(PythonFactAttribute.Interpreter!, [folder.File("read.py"), folder.File("c")])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using Process python = Process.Start(start)!;
        string[] lines = python.StandardOutput.ReadToEnd().TrimEnd().Split('\n');
        python.WaitForExit();
        Assert.Equal(0, python.ExitCode);
        Assert.Contains("format = residuum", lines);
        Assert.Contains("method = test", lines);
        Assert.Equal(
            [
                "model.layer.weight F32 [2, 3] [1.0, -2.0, 0.5, 4.0]",
                "optim.layer.weight.error U8 [3] [1, 2, 255]",
                "optim.layer.weight.m BF16 [2] [1.0, -2.0]",
                "trainer.step I64 [] [9007199254740993]",
            ],
            lines[^4..]);
    }

    private static string Script()
    {
        string page = File.ReadAllText(RepositoryRoot.File("docs/checkpoints.md"));
        const string Fence = "```python\n";
        int begin = page.IndexOf(Fence, StringComparison.Ordinal) + Fence.Length;
        return page[begin..page.IndexOf("```", begin, StringComparison.Ordinal)];
    }
}
