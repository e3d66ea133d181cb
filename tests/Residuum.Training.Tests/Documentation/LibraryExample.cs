using Residuum;
using Residuum.Optimizers;

namespace Examples;

/// <summary>The example of README.md and of the library's package, as a method.</summary>
internal static class LibraryExample
{
    public static void Run()
    {
        // example
        Parameter weight = new("weight", 1024, 1024);
        MicroAdam optimizer = new([weight], new MicroAdamOptions { LearningRate = 1e-3 });
        for (int step = 0; step < 10; step++)
        {
            for (int i = 0; i < weight.Length; i++)
            {
                weight.Gradient.Span[i] = weight.Values.Span[i] - 1;
            }

            optimizer.Step();
        }

        Console.WriteLine($"{(double)optimizer.StateBytes / weight.Length:0.00} bytes of state a weight");
        // end
    }
}
