using System.Buffers.Binary;
using System.Text;

namespace Residuum.Cli.Tests.Verbs;

/// <summary><c>residuum estimate</c> of what nobody can allocate.</summary>
public sealed class EstimateVerbTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("residuum-estimate-").FullName;

    [Fact]
    public void A_dimension_beyond_an_array_is_one_sentence()
    {
        byte[] header = Encoding.UTF8.GetBytes("""{"w":{"dtype":"F32","shape":[4294967296,0],"data_offsets":[0,0]}}""");
        string file = Path.Combine(_folder, "wide.safetensors");
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        File.WriteAllBytes(file, [.. length, .. header]);
        (int code, _, string error) = Run("estimate", "--checkpoint", file, "--optimizers", "adamw");
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("Tensor 'w' of shape [4294967296,0]", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("shampoo", "40000 30000")]
    [InlineData("subspace-momentum", "40000 30000")]
    [InlineData("shampoo[blockSize=0;skipAnyDimGreaterThan=20000]", "12000 10")]
    public void Large_matrices_are_estimated(string optimizer, string shape)
    {
        string file = Path.Combine(_folder, "shapes.txt");
        File.WriteAllText(file, $"w {shape}\n");
        (int code, string output, string error) = Run("estimate", "--shapes", file, "--optimizers", optimizer, "--threads", "1");
        Assert.Equal((ExitCode.Fine, ""), (code, error));
        Assert.Contains(optimizer, output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_option_out_of_its_range_is_refused_as_in_training()
    {
        (int code, _, string error) = Run("estimate", "--model", "fashion-mlp", "--optimizers", "adamw[beta1=5]");
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("The option beta1 is 5; it must be", error, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static (int Code, string Output, string Error) Run(params string[] arguments)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        int code = CommandLine.Run(arguments, output, error, CancellationToken.None);
        return (code, output.ToString(), error.ToString());
    }
}
