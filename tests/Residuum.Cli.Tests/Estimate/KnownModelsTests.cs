using System.Text.Json;
using Residuum.Cli.Estimate;
using Residuum.Optimizers;

namespace Residuum.Cli.Tests.Estimate;

/// <summary>The state sizes that LDAdam's targets, section 5, count for five published shapes.</summary>
public sealed class KnownModelsTests
{
    public static TheoryData<string, int, long, long, long, long, long> Sizes => new()
    {
        { "llama-60m", 128, 58_073_600, 116_147_200, 81_871_872, 90_899_712, 75_597_056 },
        { "llama-130m", 256, 134_105_856, 268_211_712, 171_480_576, 183_387_648, 143_279_616 },
        { "llama-350m", 256, 367_969_280, 735_938_560, 326_404_096, 433_850_752, 251_103_616 },
        { "llama-1b", 512, 1_339_082_752, 2_678_165_504, 1_042_460_672, 1_470_844_904, 741_072_872 },
        { "llama-7b", 1024, 6_738_415_616, 13_476_831_232, 4_702_347_264, 7_002_406_912, 3_084_926_976 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void State_is_as_the_targets_count_it(string model, int rank, long parameters, long adam, long lowRank, long subsetNorm, long subspaceMomentum)
    {
        Assert.Equal(parameters, KnownModels.Find(model)!.Sum(shape => (long)shape.Length));
        string entries = $"adamw,ldadam[rank={rank};errorBuffer=gradientBuffer],ldadam[rank={rank};errorFeedback=false],galore[rank={rank}]," +
            $"subset-norm,subspace-momentum[rank={rank}]";
        string json = Path.GetTempFileName();
        try
        {
            Assert.Equal(ExitCode.Fine, CommandLine.Run(["estimate", "--model", model, "--optimizers", entries, "--json", json], new StringWriter(), new StringWriter(), CancellationToken.None));
            using JsonDocument answer = JsonDocument.Parse(File.ReadAllText(json));
            Assert.Equal(
                [4 * adam, 4 * lowRank, 4 * lowRank, 4 * lowRank, 4 * subsetNorm, 4 * subspaceMomentum],
                answer.RootElement.GetProperty("results").EnumerateArray().Select(row => row.GetProperty("state").GetInt64()));
        }
        finally
        {
            File.Delete(json);
        }
    }

    /// <summary>Where the model fits, the same numbers are what the optimizers hold.</summary>
    [Theory]
    [InlineData("ldadam", "rank=128;errorFeedback=false", 81_871_872)]
    [InlineData("galore", "rank=128", 81_871_872)]
    [InlineData("subset-norm", "", 90_899_712)]
    [InlineData("subspace-momentum", "rank=128", 75_597_056)]
    public void Measured_state_of_the_smallest_is_the_same(string method, string options, long floats)
    {
        // Weights and gradients are not used here: all parameters share one piece of memory.
        IReadOnlyList<ShapedParameter> shapes = KnownModels.Find("llama-60m")!;
        float[] shared = new float[shapes.Max(shape => shape.Length)];
        Parameter[] parameters = [.. shapes.Select(shape => new Parameter(shape.Name, [.. shape.Shape], shared.AsMemory(0, shape.Length), shared.AsMemory(0, shape.Length)))];
        KeyValuePair<string, string>[] given =
            [.. options.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(pair => KeyValuePair.Create(pair.Split('=')[0], pair.Split('=')[1]))];
        Assert.Equal(4 * floats, OptimizerCatalog.Get(method).Create([new NamedGroup(parameters, given)]).StateBytes);
    }
}
