using Residuum.Training.Data;

namespace Residuum.Training.Tests.Data;

public sealed class WindowsTests
{
    [Fact]
    public void A_random_window_is_a_stretch_of_the_text_and_its_targets_are_one_further()
    {
        RandomWindows windows = new(Counting(20), length: 5, batchSize: 3, seed: 1);
        int[] inputs = new int[15];
        int[] targets = new int[15];
        HashSet<int> starts = [];
        for (int step = 0; step < 200; step++)
        {
            windows.Copy(step, inputs, targets);
            for (int i = 0; i < 15; i++)
            {
                Assert.Equal(inputs[i - (i % 5)] + (i % 5), inputs[i]);
                Assert.Equal(inputs[i] + 1, targets[i]);
            }

            starts.UnionWith([inputs[0], inputs[5], inputs[10]]);
        }

        // Every possible start occurs, the first and the last too.
        Assert.Equal(Enumerable.Range(0, 15), starts.Order());
    }

    [Fact]
    public void A_step_is_the_same_whatever_came_before_and_allocates_nothing()
    {
        TokenStream stream = Counting(1000);
        int[] inputs = new int[16];
        int[] targets = new int[16];
        RandomWindows straight = new(stream, 8, 2, seed: 5);
        for (int step = 0; step < 50; step++)
        {
            straight.Copy(step, inputs, targets);
        }

        int[] resumed = new int[16];
        RandomWindows other = new(stream, 8, 2, seed: 5);
        long before = GC.GetAllocatedBytesForCurrentThread();
        other.Copy(49, resumed, targets);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(inputs, resumed);
        new RandomWindows(stream, 8, 2, seed: 6).Copy(49, resumed, targets);
        Assert.NotEqual(inputs, resumed);
    }

    [Fact]
    public void A_window_as_long_as_the_text_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomWindows(Counting(5), length: 5, batchSize: 1, seed: 0));

    [Theory]
    [InlineData(2, 1, 0)]
    [InlineData(2, 8, 4)]
    [InlineData(9, 8, 4)]
    [InlineData(10, 8, 4)]
    [InlineData(41, 8, 0)]
    [InlineData(40, 8, 0)]
    [InlineData(42, 8, 3)]
    [InlineData(43, 8, 7)]
    public void Sequential_windows_predict_every_token_but_the_first_once(int tokens, int length, int context)
    {
        SequentialWindows windows = new(Counting(tokens), length, context);
        List<int> predicted = [];
        for (int k = 0; k < windows.Count; k++)
        {
            int[] inputs = new int[windows.LengthOf(k)];
            int[] targets = new int[windows.LengthOf(k)];
            windows.Copy(k, inputs, targets);
            Assert.InRange(inputs.Length, 1, length);
            for (int i = windows.FirstScored(k); i < targets.Length; i++)
            {
                Assert.Equal(inputs[i] + 1, targets[i]);
                predicted.Add(targets[i]);
            }
        }

        Assert.Equal(Enumerable.Range(1, tokens - 1), predicted);
    }

    private static TokenStream Counting(int count) => new([.. Enumerable.Range(0, count).Select(i => (ushort)i)], count, count);
}
