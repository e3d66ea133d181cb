using Residuum.Optimizers;
using Residuum.State;

namespace Residuum.Tests.Architecture;

/// <summary>
/// Everything that an optimizer remembers from step to step is in its list of state. The test finds, by reflection, all memory that changes
/// in a step and is not in the list, overwrites it, and takes another step: not a bit may differ.
/// </summary>
public sealed class MutableFieldTests
{
    private const int StepsBefore = 13;

    public static TheoryData<string, string> Cases
    {
        get
        {
            TheoryData<string, string> cases = [];
            foreach (OptimizerKind kind in OptimizerCatalog.Kinds)
            {
                cases.Add(kind.Name, "");
            }

            cases.Add("sgd", "momentum=0.9");
            cases.Add("adam8bit", "minQuantizedSize=1;blockSize=48");
            cases.Add("adafactor", "learningRate=0.01;beta1=0.9");
            cases.Add("came", "flattenTo2D=true");
            cases.Add("subset-norm", "subsetSize=-1");
            cases.Add("subset-norm", "subsetSize=null;beta1=0;biasCorrection=false");
            cases.Add("microadam", "topKBlockSize=48;quantBucketSize=10;weightDecay=0.1");
            cases.Add("microadam", "errorBits=32");
            cases.Add("microadam", "errorBits=0");
            cases.Add("microadam", "accumulator=bfloat16;densify=errorFeedback;alpha=0.5");
            cases.Add("microadam", "densify=quantizationResidual;rangeStorage=float32");
            cases.Add("shampoo", "blockSize=16;rootsEvery=3;grafting=adam;biasCorrection=true");
            cases.Add("s-shampoo", "momentumBits=8;momentumErrorFeedback=true;grafting=sgd;rank=4");
            cases.Add("s-shampoo", "blockSize=16;rank=5;sketchEvery=3;weightDecay=0.1");
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void No_memory_outside_the_list_of_state_matters_to_the_next_step(string name, string options)
    {
        (Optimizer optimizer, Parameter[] parameters) = Make(name, options);
        (Optimizer untouched, Parameter[] expected) = Make(name, options);
        for (int step = 1; step < StepsBefore; step++)
        {
            Step(optimizer, parameters, step);
            Step(untouched, expected, step);
        }

        List<ObjectGraph.Cell> cells = CellsOutsideState(optimizer);
        object?[] before = [.. cells.Select(cell => cell.Read())];
        Step(optimizer, parameters, StepsBefore);
        Step(untouched, expected, StepsBefore);
        foreach ((ObjectGraph.Cell cell, object? earlier) in cells.Zip(before).Where(pair => !Equals(pair.First.Read(), pair.Second)))
        {
            cell.Write(Garbage(cell.Read()!));
        }

        Step(optimizer, parameters, StepsBefore + 1);
        Step(untouched, expected, StepsBefore + 1);
        for (int i = 0; i < parameters.Length; i++)
        {
            Assert.Equal(Bits(expected[i]), Bits(parameters[i]));
        }

        Assert.Equal(Content(untouched), Content(optimizer));
    }

    /// <summary>The test above sees memory that is outside the list: an optimizer that remembers a gradient secretly is found out.</summary>
    [Fact]
    public void Reflection_reaches_every_array_of_the_state()
    {
        (Optimizer optimizer, _) = Make("microadam", "");
        HashSet<object> all = ObjectGraph.Arrays(optimizer);
        HashSet<object> state = ObjectGraph.Arrays(optimizer.State);
        Assert.True(optimizer.State.Count > 4);
        long found = state.Where(array => array.GetType().GetElementType()!.IsPrimitive).Sum(array => (long)Buffer.ByteLength((Array)array));
        Assert.True(found >= optimizer.State.Sum(field => field.Spec.Bytes), "Some field of the state has no memory that reflection finds.");
        Assert.Subset(all, state);
    }

    private static (Optimizer Optimizer, Parameter[] Parameters) Make(string name, string options)
    {
        Parameter weight = name == "adagrad-full" ? new("weight", 3, 11) : new("weight", 37, 41);
        Parameter[] parameters = [weight, new("bias", 7), new("scale")];
        KeyValuePair<string, string>[] pairs =
            [.. options.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(option => new KeyValuePair<string, string>(option.Split('=')[0], option.Split('=')[1]))];
        return (OptimizerCatalog.Get(name).Create([new NamedGroup(parameters, pairs)], new StepSettings { Threads = 2, ClipNorm = 5 }), parameters);
    }

    private static void Step(Optimizer optimizer, Parameter[] parameters, int step)
    {
        foreach (Parameter parameter in parameters)
        {
            for (int i = 0; i < parameter.Length; i++)
            {
                parameter.Gradient.Span[i] = MathF.Sin((step * 12.9898f) + (i * 78.233f)) * MathF.Cos(i * 0.37f);
            }
        }

        optimizer.Step();
    }

    private static List<ObjectGraph.Cell> CellsOutsideState(Optimizer optimizer)
    {
        HashSet<object> state = ObjectGraph.Arrays(optimizer.State);
        return ObjectGraph.Cells(optimizer, node => node is Parameter or ParameterGroup or StateField || state.Contains(node));
    }

    private static object Garbage(object value) => value switch
    {
        float => float.NaN,
        double => double.NaN,
        int => int.MaxValue - 7,
        long => long.MaxValue - 7,
        bool truth => !truth,
        ushort => (ushort)0xABCD,
        byte => (byte)0xAB,
        _ => Activator.CreateInstance(value.GetType())!,
    };

    private static uint[] Bits(Parameter parameter) => [.. parameter.Values.ToArray().Select(BitConverter.SingleToUInt32Bits)];

    private static byte[] Content(Optimizer optimizer)
    {
        using MemoryStream content = new();
        foreach (StateField field in optimizer.State)
        {
            field.Write(content);
        }

        return content.ToArray();
    }
}
