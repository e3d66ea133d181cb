using System.Text.Json;
using Residuum.Distributed.Sharding;
using Residuum.Optimizers;
using Residuum.State;
using Residuum.Training.Recipes;

namespace Residuum.Cli.Tests.Verbs;

/// <summary><c>train --ranks</c>, with ranks as threads of this process.</summary>
public sealed class RanksTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("residuum-ranks-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Ranks share each batch: with whole gradients they train as one process does, but for rounding.</summary>
    [Theory]
    [InlineData("--ranks", "2")]
    [InlineData("--ranks", "3", "--shard")]
    [InlineData("--shard", "fashion-mlp", "--ranks", "3")]
    [InlineData("--ranks", "3", "--shard", "2")]
    [InlineData("--ranks", "3", "--shard", "3")]
    public void Ranks_train_as_one_process_does(params string[] ranks)
    {
        JsonElement alone = Train("alone", "--optimizer", "adamw");
        JsonElement together = Train("together", ["--optimizer", "adamw", "--collectives", "threads", .. ranks]);
        Assert.Equal(alone.GetProperty("trainLoss").GetDouble(), together.GetProperty("trainLoss").GetDouble(), 1e-3);
        Assert.Equal(
            together.GetProperty("denseMessageBytesPerStep").GetDouble(), together.GetProperty("messageBytesPerStep").GetDouble());
    }

    [Theory]
    [InlineData("efsgd[ratio=0.1;momentum=0.9]")]
    [InlineData("efsgd[compressor=topK;order=localStep]")]
    [InlineData("conef")]
    [InlineData("iconef[errorMemory=int8]")]
    public void An_exchange_is_named_like_an_optimizer(string optimizer)
    {
        JsonElement row = Train("run", "--optimizer", optimizer, "--ranks", "2", "--collectives", "threads");
        Assert.Equal(optimizer, row.GetProperty("optimizer").GetString());
        Assert.Equal(2, row.GetProperty("ranks").GetInt32());
        double sent = row.GetProperty("messageBytesPerStep").GetDouble() / row.GetProperty("denseMessageBytesPerStep").GetDouble();
        Assert.InRange(sent, 0.05, 0.25);
    }

    [Fact]
    public void A_run_of_two_ranks_goes_on_with_three()
    {
        string folder = Path.Combine(_folder, "run");
        string[] common = ["train", "--optimizer", "microadam", "--exchange", "conef", "--collectives", "threads", "--out", folder, "--set", "checkpointEvery=3"];
        Assert.Equal(ExitCode.Fine, Run([.. common, "--ranks", "2", "--steps", "6"]).Code);
        (int code, string output, string error) = Run([.. common, "--ranks", "3", "--steps", "6", "--resume", "auto"]);
        Assert.True(code == ExitCode.Fine, error);
        Assert.Contains("resumed after step 6", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--ranks is 0; it must be at least 1.", "--ranks", "0")]
    [InlineData("must be mpi or threads", "--ranks", "2", "--collectives", "smoke")]
    [InlineData("has its own exchange", "--optimizer", "efsgd", "--exchange", "conef")]
    [InlineData("Did you mean 'efsgd'", "--exchange", "efsgdd")]
    [InlineData("train takes one", "--exchange", "none,efsgd")]
    [InlineData("has no options", "--exchange", "none[ratio=0.1]")]
    [InlineData("must be 1", "--shard", "4")]
    [InlineData("accumulate is 2", "--ranks", "2", "--collectives", "threads", "--shard", "2", "--exchange", "conef", "--set", "accumulate=2")]
    [InlineData("cannot be skipped", "--ranks", "2", "--collectives", "threads", "--shard", "2", "--exchange", "efsgd", "--set", "nonFinite=skip")]
    [InlineData("--diagnose needs whole gradients", "--ranks", "2", "--shard", "2", "--diagnose", "spectrum")]
    [InlineData("diagnoseEvery", "--ranks", "2", "--collectives", "threads", "--shard", "2", "--set", "diagnoseEvery=1")]
    [InlineData("sees all parameters as one vector", "--ranks", "2", "--collectives", "threads", "--shard", "3", "--optimizer", "mfac")]
    [InlineData("--diagnose needs whole gradients", "--ranks", "2", "--shard", "3", "--diagnose", "spectrum")]
    [InlineData("diagnoseEvery", "--ranks", "2", "--collectives", "threads", "--shard", "3", "--set", "diagnoseEvery=1")]
    [InlineData("each needs a row", "--ranks", "4", "--collectives", "threads", "--shard", "3", "--set", "accumulate=9")]
    public void Mistakes_are_explained(string explanation, params string[] words)
    {
        (int code, _, string error) = Run(["train", "--steps", "1", "--out", Path.Combine(_folder, "m"), .. words]);
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains(explanation, error, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Compare_runs_each_optimizer_after_each_exchange()
    {
        JsonElement[] rows = Compare("--optimizers", "sgd", "--exchange", "none,efsgd[ratio=0.1],conef", "--ranks", "2", "--threads", "1");
        Assert.Equal(["sgd after none", "sgd after efsgd[ratio=0.1]", "sgd after conef"], rows.Select(row => row.GetProperty("optimizer").GetString()));
        Assert.All(rows, row => Assert.Equal(2, row.GetProperty("ranks").GetInt32()));
        double[] sent = [.. rows.Select(row => row.GetProperty("messageBytesPerStep").GetDouble())];
        Assert.Equal(rows[0].GetProperty("denseMessageBytesPerStep").GetDouble(), sent[0]);
        Assert.InRange(sent[1] / sent[0], 0.09, 0.11);
        Assert.Equal(sent[1], sent[2]);
        Assert.True(rows[2].GetProperty("stateBytes").GetInt64() < rows[1].GetProperty("stateBytes").GetInt64());
    }

    [Fact]
    public void Compare_knows_exchanges_by_their_names()
    {
        JsonElement[] rows = Compare("--optimizers", "efsgd,conef[sketchSize=0.3]", "--set", "optimizer.ratio=0.2", "--rates", "0.01,0.02");
        Assert.Equal(["efsgd", "conef[sketchSize=0.3]"], rows.Select(row => row.GetProperty("optimizer").GetString()));
        Assert.All(rows, row => Assert.InRange(
            row.GetProperty("messageBytesPerStep").GetDouble() / row.GetProperty("denseMessageBytesPerStep").GetDouble(), 0.19, 0.21));
    }

    /// <summary>What <c>estimate</c> says beforehand is what a run counts.</summary>
    [Theory]
    [InlineData("efsgd[compressor=powerSgd]", "sgd")]
    [InlineData("conef[sketchStorage=float16]", "adamw")]
    [InlineData("iconef[errorMemory=topK;errorDensity=0.1;compressor=scaledSign]", "sgd")]
    public void An_estimate_is_what_a_run_counts(string exchange, string optimizer)
    {
        string json = Path.Combine(_folder, "estimate.json");
        (int code, _, string error) = Run(
            ["estimate", "--model", "fashion-mlp", "--optimizers", optimizer, "--exchange", exchange, "--ranks", "2", "--set", "optimizer.weightDecay=0",
            .. optimizer == "sgd" ? ["--set", "optimizer.momentum=0.9"] : (string[])[], "--json", json]);
        Assert.True(code == ExitCode.Fine, error);
        using JsonDocument answer = JsonDocument.Parse(File.ReadAllText(json));
        JsonElement estimate = answer.RootElement.GetProperty("results")[0];
        JsonElement row = Train("run", "--optimizer", optimizer, "--exchange", exchange, "--ranks", "2", "--collectives", "threads");
        Assert.Equal(row.GetProperty("stateBytes").GetInt64(), estimate.GetProperty("state").GetInt64());
        Assert.Equal(row.GetProperty("messageBytesPerStep").GetDouble(), estimate.GetProperty("messageBytes").GetDouble());
    }

    [Theory]
    [InlineData("adamw", 2)]
    [InlineData("adam8bit", 4)]
    public void Divided_state_is_what_was_estimated(string optimizer, int ranks)
    {
        string json = Path.Combine(_folder, "estimate.json");
        string[] shared = ["--ranks", $"{ranks}", "--shard"];
        Assert.Equal(ExitCode.Fine, Run(["estimate", "--model", "fashion-mlp", "--optimizers", optimizer, "--json", json, .. shared]).Code);
        using JsonDocument answer = JsonDocument.Parse(File.ReadAllText(json));
        long most = answer.RootElement.GetProperty("results")[0].GetProperty("state").GetInt64();
        long first = Train("run", ["--optimizer", optimizer, "--collectives", "threads", .. shared]).GetProperty("stateBytes").GetInt64();
        Assert.InRange(first, 0.9 * most, most);
    }

    /// <summary>
    /// Gradients divided while they are made, and clipped: the same bits as whole ones, and the bytes that were estimated. A head that is
    /// the embedding too holds the embedding's gradient, 4 x 256 x 128 bytes, during all of the backward pass.
    /// </summary>
    [Theory]
    [InlineData(2, 0, "fashion-mlp")]
    [InlineData(3, 0, "fashion-mlp", "accumulate=2")]
    [InlineData(2, 0, "sotu-bytes", "layers=3", "width=128", "heads=2", "context=16")]
    [InlineData(2, 131_072, "sotu-bytes", "layers=3", "width=128", "heads=2", "context=16", "tiedHead=true")]
    public void Divided_gradients_train_as_whole_ones_do(int ranks, int more, string recipe, params string[] settings)
    {
        string[] common = Words(ranks, recipe, settings);
        JsonElement whole = Train("whole", common);
        JsonElement divided = Train("divided", [.. common, "--shard", "2"]);

        // The sums of two passes over all ranks are not, bit for bit, the sums over all ranks of two passes.
        double tolerance = settings.Contains("accumulate=2") ? 1e-5 : 0;
        Assert.Equal(whole.GetProperty("testLoss").GetDouble(), divided.GetProperty("testLoss").GetDouble(), tolerance);
        string[] model = recipe == "fashion-mlp" ? ["--model", recipe] : ["--checkpoint", CheckpointOf("divided")];
        JsonElement estimate = Estimate([.. model, "--optimizers", "adamw", "--ranks", $"{ranks}", "--shard", "2"]);
        long most = estimate.GetProperty("gradients").GetInt64();
        Assert.InRange(divided.GetProperty("gradientBytes").GetInt64() - more, 0.98 * most, most);
    }

    /// <summary>
    /// Weights divided, too: the same bits and the same checkpoint as with whole ones, and the bytes that were estimated, also where the
    /// output layer is the embedding.
    /// </summary>
    [Theory]
    [InlineData(2, "fashion-mlp")]
    [InlineData(4, "fashion-mlp")]
    [InlineData(2, "fashion-resnet")]
    [InlineData(3, "sotu-bytes", "layers=3", "width=128", "heads=2", "context=16")]
    [InlineData(2, "sotu-bytes", "layers=3", "width=128", "heads=2", "context=16", "tiedHead=true", "dropout=0.1")]
    public void Divided_weights_train_as_whole_ones_do(int ranks, string recipe, params string[] settings)
    {
        string[] common = Words(ranks, recipe, settings);
        JsonElement whole = Train("whole", common);
        JsonElement divided = Train("divided", [.. common, "--shard", "3"]);
        Assert.Equal(whole.GetProperty("testLoss").GetDouble(), divided.GetProperty("testLoss").GetDouble());
        Assert.Equal(Tensors(CheckpointOf("whole")), Tensors(CheckpointOf("divided")));
        string shapes = ShapesOf(recipe, settings, out ShapedParameter[] model);
        long?[] planned =
        [
            .. ShardedOptimizer.Plan(OptimizerCatalog.Get("adamw"), [new ShapedGroup(model, [])], ranks, threads: 1, ShardStage.Parameters)
                .Select(rank => rank.ParameterBytes),
        ];
        Assert.Equal(planned[0], divided.GetProperty("parameterBytes").GetInt64());
        JsonElement most = Estimate("--shapes", shapes, "--optimizers", "adamw", "--ranks", $"{ranks}", "--shard", "3");
        Assert.Equal(planned.Max(), most.GetProperty("weights").GetInt64());
    }

    /// <summary>
    /// Weights and state of 2 ranks go on with 3, with 1, and undivided. The sums of other numbers of ranks differ by rounding.
    /// </summary>
    [Fact]
    public void A_run_with_divided_weights_goes_on_with_other_ranks()
    {
        string[] common = Words(ranks: null, "fashion-mlp");
        double straight = Train("straight", [.. common, "--ranks", "2"]).GetProperty("testLoss").GetDouble();
        string[] first = ["--set", "checkpointEvery=1", "--set", "keep=9", "--ranks", "2", "--shard", "3"];
        Assert.Equal(straight, Train("divided", [.. common, .. first]).GetProperty("testLoss").GetDouble());
        string file = CheckpointOf("divided", step: 2);
        foreach (string how in new[] { "2", "2 --shard 1", "2 --shard 3", "3", "3 --shard 3", "1 --exchange none", "1 --exchange none --shard 3" })
        {
            JsonElement resumed = Train(how, [.. common, "--resume", file, "--ranks", .. how.Split(' ')]);
            Assert.Equal(straight, resumed.GetProperty("testLoss").GetDouble(), how[0] == '2' ? 0 : 1e-5);
        }
    }

    /// <summary>Micro-batches gather weights once for each, and add up as those of divided gradients do.</summary>
    [Fact]
    public void Divided_weights_go_with_micro_batches()
    {
        string[] common = Words(ranks: 2, "fashion-resnet", "accumulate=2", "filters=4", "batch=8");
        Assert.Equal(
            Train("gradients", [.. common, "--shard", "2"]).GetProperty("testLoss").GetDouble(),
            Train("weights", [.. common, "--shard", "3"]).GetProperty("testLoss").GetDouble());
    }

    /// <summary>Weights of a file are the weights that ranks divide.</summary>
    [Fact]
    public void Divided_weights_start_from_a_file()
    {
        string[] common = Words(ranks: 2, "fashion-mlp");
        Train("first", common);
        string[] again = [.. common, "--seed", "1", "--init", CheckpointOf("first")];
        Assert.Equal(
            Train("whole", again).GetProperty("testLoss").GetDouble(),
            Train("divided", [.. again, "--shard", "3"]).GetProperty("testLoss").GetDouble());
    }

    /// <summary>Divided and compressed gradients: the same bits as compressed whole ones, and what was estimated.</summary>
    [Theory]
    [InlineData("efsgd[ratio=0.1;compressor=topK]", "2")]
    [InlineData("conef", "3")]
    public void Divided_and_compressed_gradients_train_as_compressed_ones_do(string exchange, string stage)
    {
        string[] common = ["--optimizer", "adamw", "--exchange", exchange, "--collectives", "threads", "--threads", "1", "--ranks", "3", "--set", "clipNorm=0.5"];
        JsonElement whole = Train("whole", common);
        JsonElement divided = Train("divided", [.. common, "--shard", stage]);
        Assert.Equal(whole.GetProperty("testLoss").GetDouble(), divided.GetProperty("testLoss").GetDouble());
        Assert.Equal(whole.GetProperty("messageBytesPerStep").GetDouble(), divided.GetProperty("messageBytesPerStep").GetDouble());
        string json = Path.Combine(_folder, "estimate.json");
        string[] words = ["estimate", "--model", "fashion-mlp", "--optimizers", "adamw", "--exchange", exchange, "--ranks", "3", "--shard", stage, "--json", json];
        Assert.Equal(ExitCode.Fine, Run(words).Code);
        using JsonDocument answer = JsonDocument.Parse(File.ReadAllText(json));
        JsonElement estimate = answer.RootElement.GetProperty("results")[0];
        Assert.InRange(divided.GetProperty("stateBytes").GetInt64(), 0.9 * estimate.GetProperty("state").GetInt64(), estimate.GetProperty("state").GetInt64());
        Assert.InRange(divided.GetProperty("gradientBytes").GetInt64(), 0.9 * estimate.GetProperty("gradients").GetInt64(), estimate.GetProperty("gradients").GetInt64());
    }

    [Fact]
    public void A_dry_run_says_what_a_rank_holds()
    {
        string[] shared = ["--optimizer", "adamw", "--ranks", "2", "--shard", "3"];
        (int code, string output, _) = Run(["train", "fashion-mlp", "--dry-run", .. shared]);
        Assert.Equal(ExitCode.Fine, code);
        JsonElement most = Estimate("--model", "fashion-mlp", "--optimizers", "adamw", "--ranks", "2", "--shard", "3");
        Assert.Contains($"{most.GetProperty("weights").GetInt64():N0} bytes of weights", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dry_run_says_what_is_sent_and_remembered()
    {
        (int code, string output, _) = Run(["train", "--optimizer", "conef", "--dry-run"]);
        Assert.Equal(ExitCode.Fine, code);
        Assert.Contains("exchange conef: each rank sends 95,472 bytes a step of 940,584", output, StringComparison.Ordinal);
    }

    // Steps of AdamW with clipping on ranks that are threads, a batch of few rows.
    private string[] Words(int? ranks, string recipe, params string[] settings)
    {
        string text = Path.Combine(_folder, "text");
        File.WriteAllText(text, string.Concat(Enumerable.Range(0, 1000).Select(i => $"{i * i} ")));
        return
        [
            recipe, .. recipe == "sotu-bytes" ? ["--data", text] : (string[])[], "--optimizer", "adamw", "--collectives", "threads", "--threads", "1",
            .. ranks is null ? [] : new[] { "--ranks", $"{ranks}" },
            .. settings.Prepend("batch=5").Append("clipNorm=0.5").SelectMany(setting => new[] { "--set", setting }),
        ];
    }

    private string CheckpointOf(string run, int? step = null) =>
        Directory.GetFiles(Path.Combine(_folder, run, "checkpoints"), $"*{step}.safetensors").Single();

    // The file of a model's shapes in its own order, by which ranks divide it.
    private string ShapesOf(string recipe, string[] settings, out ShapedParameter[] model)
    {
        Recipe known = RecipeCatalog.Get(recipe);
        RecipeSettings values = known.DefaultSettings();
        foreach (string[] pair in settings.Select(setting => setting.Split('=')))
        {
            values.Set(pair[0], pair[1]);
        }

        string? data = recipe == "sotu-bytes" ? Path.Combine(_folder, "text") : null;
        model = [.. known.Load(values, data)(seed: 0, search: false).Model.Parameters.Select(parameter => new ShapedParameter(parameter.Name, parameter.Shape.ToArray()))];
        string file = Path.Combine(_folder, "shapes");
        File.WriteAllLines(file, model.Select(shape => $"{shape.Name} {string.Join(' ', shape.Shape)}"));
        return file;
    }

    // All but the trainer's, which tell the time.
    private static SortedDictionary<string, byte[]> Tensors(string checkpoint)
    {
        using SafetensorsFile file = SafetensorsFile.Open(checkpoint);
        SortedDictionary<string, byte[]> tensors = new(StringComparer.Ordinal);
        foreach (TensorInfo tensor in file.Tensors.Where(tensor => !tensor.Name.StartsWith("trainer.", StringComparison.Ordinal)))
        {
            using Stream stream = file.OpenTensor(tensor.Name);
            using MemoryStream content = new();
            stream.CopyTo(content);
            tensors.Add(tensor.Name, content.ToArray());
        }

        return tensors;
    }

    private JsonElement Estimate(params string[] words)
    {
        string json = Path.Combine(_folder, "estimate.json");
        Assert.Equal(ExitCode.Fine, Run(["estimate", .. words, "--json", json]).Code);
        using JsonDocument answer = JsonDocument.Parse(File.ReadAllText(json));
        return answer.RootElement.GetProperty("results")[0].Clone();
    }

    private JsonElement Train(string name, params string[] words)
    {
        string json = Path.Combine(_folder, $"{name}.json");
        (int code, _, string error) = Run(["train", "--steps", "4", "--out", Path.Combine(_folder, name), "--json", json, .. words]);
        Assert.True(code == ExitCode.Fine, error);
        using JsonDocument row = JsonDocument.Parse(File.ReadAllText(json));
        return row.RootElement.Clone();
    }

    private JsonElement[] Compare(params string[] words)
    {
        string json = Path.Combine(_folder, "comparison.json");
        (int code, _, string error) = Run(["compare", "--steps", "3", "--collectives", "threads", "--out", Path.Combine(_folder, "c"), "--json", json, .. words]);
        Assert.True(code == ExitCode.Fine, error);
        using JsonDocument answer = JsonDocument.Parse(File.ReadAllText(json));
        return [.. answer.RootElement.GetProperty("results").EnumerateArray().Select(row => row.Clone())];
    }

    private static (int Code, string Output, string Error) Run(string[] arguments)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        int code = CommandLine.Run(arguments, output, error, CancellationToken.None);
        return (code, output.ToString(), error.ToString());
    }
}
