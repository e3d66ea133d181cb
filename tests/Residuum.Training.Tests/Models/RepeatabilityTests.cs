using Residuum.Numerics;
using Residuum.Training.Differentiation;
using Residuum.Training.Layers;

namespace Residuum.Training.Tests.Models;

public sealed class RepeatabilityTests
{
    public static TheoryData<string> Names => ReferenceModels.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Loss_and_gradients_are_the_same_bits_for_any_number_of_threads(string name)
    {
        int[] alone = Bits(name, threads: 1);
        Assert.Equal(alone, Bits(name, threads: 2));
        Assert.Equal(alone, Bits(name, threads: 3));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Later_steps_allocate_nothing_and_the_working_set_stays_flat(string name)
    {
        (Layer model, Func<Tape, Tensor> loss) = ReferenceModels.Make(name);
        Tape tape = new(new WorkSharing(1), seed: 3);
        Step(model, tape, loss, step: 0);
        Step(model, tape, loss, step: 1);
        long pooled = tape.PooledBytes;
        long[] allocated = new long[4];
        for (int window = 0; window < allocated.Length; window++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int step = 0; step < 15; step++)
            {
                Step(model, tape, loss, step);
            }

            allocated[window] = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        // A step that allocates would show in every window; the runtime itself may, once, when it compiles a method again.
        Assert.Contains(0, allocated);
        Assert.Equal(pooled, tape.PooledBytes);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Micro_batches_add_up_and_a_reset_starts_anew(string name)
    {
        (Layer model, Func<Tape, Tensor> loss) = ReferenceModels.Make(name);
        Tape tape = new(new WorkSharing(2), seed: 3);
        Step(model, tape, loss, step: 0);
        float[][] once = [.. model.Parameters.Select(parameter => parameter.Gradient.ToArray())];

        // The same micro-batch twice with half the weight each: halving and adding equal numbers is exact in binary.
        model.ResetGradients();
        Accumulate(tape, loss, step: 0, scale: 0.5f);
        Accumulate(tape, loss, step: 0, scale: 0.5f);
        for (int i = 0; i < once.Length; i++)
        {
            for (int j = 0; j < once[i].Length; j++)
            {
                // Where a gradient is summed onto the first micro-batch's, it rounds differently than alone.
                Assert.Equal(once[i][j], model.Parameters[i].Gradient.Span[j], 1e-6f);
            }
        }
    }

    private static int[] Bits(string name, int threads)
    {
        (Layer model, Func<Tape, Tensor> loss) = ReferenceModels.Make(name);
        Tape tape = new(new WorkSharing(threads), seed: 3);
        float value = Step(model, tape, loss, step: 5);
        List<int> bits = [BitConverter.SingleToInt32Bits(value)];
        foreach (Parameter parameter in model.Parameters)
        {
            Assert.True(parameter.HasGradient);
            foreach (float gradient in parameter.Gradient.Span)
            {
                bits.Add(BitConverter.SingleToInt32Bits(gradient));
            }
        }

        return [.. bits];
    }

    private static float Step(Layer model, Tape tape, Func<Tape, Tensor> loss, long step)
    {
        model.ResetGradients();
        return Accumulate(tape, loss, step, scale: 1);
    }

    private static float Accumulate(Tape tape, Func<Tape, Tensor> loss, long step, float scale)
    {
        tape.Begin(step, training: true);
        Tensor mean = loss(tape);
        tape.Backward(mean, scale);
        return mean.Values[0];
    }
}
