using Residuum.ErrorMemory;
using Residuum.State;

namespace Residuum.Optimizers;

/// <summary>The error memories that <see cref="WindowErrorOptions"/> ask for.</summary>
internal static class WindowErrors
{
    public static ErrorMemory.ErrorMemory Make(int length, WindowErrorOptions options) => options switch
    {
        { ErrorFeedback: false } => new NoErrorMemory(),
        { ErrorBits: 4 } => new FourBitErrorMemory(length, options.QuantBucketSize, options.RangeStorage, StateArena.Apart),
        { ErrorBits: 16 } => new Float16ErrorMemory(length),
        _ => new DenseErrorMemory(length),
    };

    public static IEnumerable<FieldSpec> Fields(int length, WindowErrorOptions options) => options switch
    {
        { ErrorFeedback: false } => [],
        { ErrorBits: 4 } => FourBitErrorMemory.Fields(length, options.QuantBucketSize, options.RangeStorage),
        { ErrorBits: 16 } => Float16ErrorMemory.Fields(length),
        _ => DenseErrorMemory.Fields(length),
    };
}
