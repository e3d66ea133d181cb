using Residuum.Numerics;
using Residuum.Optimizers;
using Residuum.State;
using Residuum.Tests.State;

namespace Residuum.Tests.Optimizers;

public class OptimizerCheckpointTests
{
    private const int Steps = 11;

    /// <summary>
    /// Every method, with options that switch every kind of state on and off; windows shorter than the run, so that they wrap.
    /// </summary>
    public static TheoryData<string, string> Methods => new()
    {
        { "sgd", "" },
        { "sgd", "momentum=0.9" },
        { "sgd", "momentum=0.9;nesterov=true;weightDecay=0.01" },
        { "adamw", "weightDecay=0.1" },
        { "adam8bit", "blockSize=48;minQuantizedSize=20" },
        { "adafactor", "" },
        { "adafactor", "learningRate=0.01;beta1=0.9" },
        { "came", "weightDecay=0.1" },
        { "subset-norm", "" },
        { "subset-norm", "subsetSize=-1;beta1=0;beta2=1;biasCorrection=false" },
        { "microadam", "window=4;density=0.1;topKBlockSize=48;quantBucketSize=10" },
        { "microadam", "window=3;density=0.1;topKBlockSize=48;errorBits=32" },
        { "microadam", "window=1;density=0.1;topKBlockSize=48;errorBits=0" },
        { "microadam", "window=4;density=0.1;topKBlockSize=48;quantBucketSize=10;rangeStorage=float32;accumulator=bfloat16" },
        { "microadam", "window=4;density=0.1;topKBlockSize=48;quantBucketSize=10;densify=errorFeedback;alpha=0.3" },
        { "mfac", "window=4;damping=0.1;momentum=0.5" },
        { "sparse-mfac", "window=4;damping=0.1;density=0.1;topKBlockSize=48" },
        { "sparse-mfac", "window=3;damping=0.1;density=0.1;topKBlockSize=0;momentum=0.5;errorBits=16" },
        { "sparse-mfac", "window=3;damping=0.1;density=0.1;topKBlockSize=48;windowValues=bfloat16;errorBits=4;quantBucketSize=10" },
        { "lowrank-mfac", "window=4;damping=0.1;rank=2;momentum=0.5" },
        { "ggt", "window=4;beta1=0.5;beta2=0.9" },
        { "sparse-ggt", "window=4;density=0.1;topKBlockSize=48;errorFeedback=false" },
        { "lowrank-ggt", "window=4;rank=2" },
        { "ldadam", "rank=3" },
        { "ldadam", "rank=2;errorFeedback=false;subspaceMethod=svd" },
        { "galore", "rank=3;updateInterval=4" },
        { "galore", "rank=3;updateInterval=3;projectionSide=full" },
        { "subspace-momentum", "rank=3;updateInterval=4" },
        { "subspace-momentum", "rank=3;updateInterval=4;projection=topk;momentumOnRefresh=keep;subsetSize=5" },
        { "subspace-momentum", "secondMoment=none;projection=none" },
    };

    [Theory]
    [MemberData(nameof(Methods))]
    public void Save_load_continue_equals_the_uninterrupted_run_at_every_position(string method, string options)
    {
        using TemporaryFolder folder = new();
        Optimizer whole = Make(method, options);
        for (int step = 0; step < Steps; step++)
        {
            Step(whole, step);
        }

        for (int stop = 0; stop < Steps; stop++)
        {
            Optimizer first = Make(method, options);
            for (int step = 0; step < stop; step++)
            {
                Step(first, step);
            }

            Checkpoint.Save(folder.File("c"), Content(first));
            Optimizer second = Make(method, options);
            Fill(second);
            Checkpoint.Load(folder.File("c"), Content(second));
            for (int step = stop; step < Steps; step++)
            {
                Step(second, step);
            }

            Assert.Equal(Snapshot(whole), Snapshot(second));
        }
    }

    [Fact]
    public void Values_that_may_change_are_taken_from_the_checkpoint()
    {
        using TemporaryFolder folder = new();
        Optimizer saved = Make("adamw", "");
        saved.Groups[0].TrySet("learningRate", 0.1 + 0.2);
        saved.Groups[1].TrySet("beta2", 0.95);
        Checkpoint.Save(folder.File("c"), Content(saved));
        Optimizer loaded = Make("adamw", "");
        Checkpoint.Load(folder.File("c"), Content(loaded));
        Assert.Equal(saved.Groups.SelectMany(group => group.LiveValues), loaded.Groups.SelectMany(group => group.LiveValues));
    }

    [Fact]
    public void Another_method_other_options_and_other_shapes_are_refused_one_by_one()
    {
        using TemporaryFolder folder = new();
        Checkpoint.Save(folder.File("c"), Content(Make("microadam", "window=4;density=0.1;topKBlockSize=48;quantBucketSize=10")));

        Assert.Contains("method is 'microadam' in the checkpoint, but 'adamw' here", Refused(Make("adamw", "")));
        IReadOnlyList<string> differences = Refused(Make("microadam", "window=5;density=0.1;topKBlockSize=48;quantBucketSize=10"));
        Assert.Contains("group 0 has window = 4 in the checkpoint, but 5 here", differences);
        Assert.Contains("group 1 has window = 4 in the checkpoint, but 5 here", differences);
        Assert.Contains(differences, text => text.StartsWith("optim.a.window_index has the shape", StringComparison.Ordinal));

        // The same shapes and types of state, but another meaning.
        differences = Refused(Make("microadam", "window=4;density=0.1;topKBlockSize=48;quantBucketSize=10;accumulator=bfloat16"));
        Assert.Equal(
            [
                "group 0 has accumulator = float32 in the checkpoint, but bfloat16 here",
                "group 1 has accumulator = float32 in the checkpoint, but bfloat16 here",
            ],
            differences);

        IReadOnlyList<string> Refused(Optimizer optimizer)
        {
            Fill(optimizer);
            byte[] before = Snapshot(optimizer);
            CheckpointException exception = Assert.Throws<CheckpointException>(() => Checkpoint.Load(folder.File("c"), Content(optimizer)));
            Assert.Equal(CheckpointError.Mismatch, exception.Reason);
            Assert.Equal(before, Snapshot(optimizer));
            return exception.Differences;
        }
    }

    [Theory]
    [InlineData("", "is not the JSON text")]
    [InlineData("{}", "is not the JSON text")]
    [InlineData("[1]", "is not the JSON text")]
    [InlineData("[{}]", "there are 1 groups in the checkpoint, but 2 here")]
    [InlineData("[{},{}]", "group 0 has no learningRate in the checkpoint")]
    [InlineData("""[{"learningRate":-1},{}]""", "learningRate")]
    [InlineData("""[{"learningRate":1e999},{}]""", "learningRate")]
    [InlineData("""[{"learningRate":"0.1"},{}]""", "group 0 has no learningRate in the checkpoint")]
    public void Hyperparameters_that_are_none_are_refused_and_change_nothing(string hyperparameters, string expected)
    {
        using TemporaryFolder folder = new();
        Optimizer optimizer = Make("adamw", "");
        CheckpointContent content = new();
        content.Describe("method", "adamw");
        content.Describe("hyperparameters", hyperparameters);
        foreach (Parameter parameter in optimizer.Groups.SelectMany(group => group.Parameters))
        {
            content.Add(parameter);
        }

        foreach (StateField field in optimizer.State)
        {
            content.Add(field, "optim.");
        }

        Checkpoint.Save(folder.File("c"), content);
        Fill(optimizer);
        byte[] before = Snapshot(optimizer);
        CheckpointException exception = Assert.Throws<CheckpointException>(() => Checkpoint.Load(folder.File("c"), Content(optimizer)));
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
        Assert.Equal(before, Snapshot(optimizer));
    }

    [Fact]
    public void Contents_that_would_steer_a_step_wrongly_are_refused_and_change_nothing()
    {
        ushort[] indices = new ushort[4 * 14];
        Array.Fill(indices, (ushort)48);
        Refused("b.window_index", indices, "optim.b.window_index holds index 48 in block 0, which has 48 entries");
        Refused("b.slot", new long[] { 4 }, "optim.b.slot is 4, but must be at least 0 and less than 4");
        Refused("b.step", new long[] { -1 }, "optim.b.step is -1, but must be at least 0 and less than 9223372036854775807");
    }

    private static void Refused<T>(string fieldName, T[] content, string expected)
        where T : unmanaged
    {
        using TemporaryFolder folder = new();
        Optimizer optimizer = Make("microadam", "window=4;density=0.1;topKBlockSize=48;quantBucketSize=10");
        CheckpointContent hostile = new();
        hostile.Describe("method", "microadam");
        using (SafetensorsFile genuine = OpenSaved(folder, optimizer))
        {
            hostile.Describe("hyperparameters", genuine.Metadata["hyperparameters"]);
        }

        foreach (Parameter parameter in optimizer.Groups.SelectMany(group => group.Parameters))
        {
            hostile.Add(parameter);
        }

        foreach (StateField field in optimizer.State)
        {
            hostile.Add(field.Name == fieldName ? StateField.Of<T>("b", field.Spec, content) : field, "optim.");
        }

        Checkpoint.Save(folder.File("c"), hostile);
        Fill(optimizer);
        byte[] before = Snapshot(optimizer);
        CheckpointException exception = Assert.Throws<CheckpointException>(() => Checkpoint.Load(folder.File("c"), Content(optimizer)));
        Assert.Equal([expected], exception.Differences);
        Assert.Equal(before, Snapshot(optimizer));
    }

    private static SafetensorsFile OpenSaved(TemporaryFolder folder, Optimizer optimizer)
    {
        Checkpoint.Save(folder.File("genuine"), Content(optimizer));
        return Checkpoint.OpenVerified(folder.File("genuine"));
    }

    private static CheckpointContent Content(Optimizer optimizer)
    {
        CheckpointContent content = new();
        content.Add(optimizer);
        return content;
    }

    private static Optimizer Make(string method, string options)
    {
        KeyValuePair<string, string>[] pairs =
        [
            .. options.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('='))
                .Select(pair => KeyValuePair.Create(pair[0], pair[1])),
        ];
        NamedGroup[] groups = [new([new Parameter("a", 7, 9), new Parameter("b", 130)], pairs), new([new Parameter("c", 5)], pairs)];
        Optimizer optimizer = OptimizerCatalog.Get(method).Create(groups, new StepSettings { Threads = 2 });
        foreach ((int index, Parameter parameter) in optimizer.Groups.SelectMany(group => group.Parameters).Index())
        {
            Draw(parameter.Values.Span, stream: (ulong)index);
        }

        return optimizer;
    }

    /// <summary>A step whose gradients follow from its number; b has none in every third step.</summary>
    private static void Step(Optimizer optimizer, int step)
    {
        foreach ((int index, Parameter parameter) in optimizer.Groups.SelectMany(group => group.Parameters).Index())
        {
            Draw(parameter.Gradient.Span, stream: (ulong)((100 * (step + 1)) + index));
            parameter.HasGradient = parameter.Name != "b" || step % 3 != 1;
        }

        optimizer.Step();
    }

    /// <summary>Values that no run has: whatever of them loading leaves would be seen.</summary>
    private static void Fill(Optimizer optimizer)
    {
        foreach (Parameter parameter in optimizer.Groups.SelectMany(group => group.Parameters))
        {
            parameter.Values.Span.Fill(12345);
        }

        for (int step = 0; step < 5; step++)
        {
            Step(optimizer, 1000 + step);
        }
    }

    private static byte[] Snapshot(Optimizer optimizer)
    {
        using MemoryStream bytes = new();
        foreach (Parameter parameter in optimizer.Groups.SelectMany(group => group.Parameters))
        {
            bytes.Write(System.Runtime.InteropServices.MemoryMarshal.AsBytes(parameter.Values.Span));
        }

        foreach (StateField field in optimizer.State)
        {
            field.Write(bytes);
        }

        return bytes.ToArray();
    }

    private static void Draw(Span<float> values, ulong stream)
    {
        CounterRandom random = new(seed: 7, stream);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)random.Normal((ulong)i);
        }
    }
}
