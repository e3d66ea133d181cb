using System.Runtime.CompilerServices;
using Residuum.State;

namespace Residuum.Tests.State;

public sealed class StateArenaTests
{
    [Fact]
    public void A_field_of_small_tensors_lies_in_one_array_and_nothing_is_left_over()
    {
        FieldSpec[] fields = [new("m", ElementType.F32, 10), new("v", ElementType.F32, 10), new("m", ElementType.F32, 3), new("m", ElementType.F32)];
        StateArena arena = new(fields);
        Memory<float>[] memories = [.. fields.Select(field => arena.Take<float>(field))];
        Assert.Equal([10, 10, 3, 1], memories.Select(memory => memory.Length));
        Assert.True(Follows(memories[0], memories[2]));
        Assert.True(Follows(memories[2], memories[3]));
        Assert.False(Follows(memories[0], memories[1]));

        // What was not planned is apart, as is everything in an arena without a plan.
        Assert.False(Follows(memories[3], arena.Take<float>(fields[0])));
        Assert.False(Follows(StateArena.Apart.Take<float>(fields[0]), StateArena.Apart.Take<float>(fields[2])));
    }

    [Fact]
    public void A_large_field_has_its_own_array()
    {
        FieldSpec[] fields = [new("m", ElementType.F32, 8), new("m", ElementType.F32, 100_000), new("m", ElementType.F32, 8)];
        StateArena arena = new(fields);
        Memory<float> first = arena.Take<float>(fields[0]);
        Memory<float> large = arena.Take<float>(fields[1]);
        Assert.False(Follows(first, large));
        Assert.True(Follows(first, arena.Take<float>(fields[2])));
    }

    private static bool Follows(Memory<float> first, Memory<float> second) =>
        Unsafe.AreSame(ref Unsafe.Add(ref first.Span[0], first.Length), ref second.Span[0]);
}
