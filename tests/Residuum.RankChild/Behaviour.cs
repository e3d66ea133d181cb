using System.Diagnostics;
using System.Globalization;
using Residuum.Distributed.Collectives;
using Residuum.Distributed.Replay;
using Residuum.Replay;

namespace Residuum.RankChild;

/// <summary>What a rank does.</summary>
internal static class Behaviour
{
    private static readonly int[] Lengths = [0, 1, 7, 1000, 300_007];

    public static int Run(string what, string[] arguments, ICollectives ranks)
    {
        switch (what)
        {
            case "collectives":
                AllReduce(ranks);
                ReduceScatter(ranks);
                AllGather(ranks);
                Broadcast(ranks);
                break;
            case "shards":
                DividedSteps.Compare(ranks, tolerance: arguments.Contains("deterministic") ? 0 : 1e-5);
                break;
            case "replay":
                Replay(ranks, arguments.Where(File.Exists));
                break;
            case "train":
                Train(ranks, arguments);
                break;
            case "exception":
                FailOnOne(ranks, () => throw new InvalidOperationException("something broke"));
                break;
            case "kill":
                FailOnOne(ranks, () => Process.GetCurrentProcess().Kill());
                break;
            case "hang":
                FailOnOne(ranks, () => Thread.Sleep(TimeSpan.FromMinutes(5)));
                break;
            default:
                throw new ArgumentException($"'{what}' is nothing that a rank can do.", nameof(what));
        }

        ranks.Barrier();
        if (ranks.Rank == 0)
        {
            Console.WriteLine($"passed on {ranks.Size} ranks");
        }

        return 0;
    }

    private static void Replay(ICollectives ranks, IEnumerable<string> files)
    {
        foreach (string file in files)
        {
            GoldenResult result = ExchangedReplay.Replay(file, ranks);
            if (!result.Ok)
            {
                throw new InvalidOperationException($"{file}: {result.Reason}");
            }
        }
    }

    // Folder, exchange, its options, and the step before which the last rank is killed.
    private static void Train(ICollectives ranks, string[] arguments)
    {
        long lastStep = long.Parse(arguments[3], CultureInfo.InvariantCulture);
        new Regression(ranks, arguments[0], arguments[1], arguments[2]).Run(step =>
        {
            if (step == lastStep && ranks.Rank == ranks.Size - 1)
            {
                Process.GetCurrentProcess().Kill();
            }
        });
    }

    private static void FailOnOne(ICollectives ranks, Action fail)
    {
        ranks.Barrier();
        if (ranks.Rank == 1)
        {
            fail();
        }
    }

    // Rank r sends r + 1 + i mod 13: small whole numbers, whose sums are exact in any order.
    private static void AllReduce(ICollectives ranks)
    {
        foreach (int length in Lengths)
        {
            float[] values = [.. Enumerable.Range(0, length).Select(i => (float)(ranks.Rank + 1 + (i % 13)))];
            ranks.AllReduceSum(values);
            for (int i = 0; i < length; i++)
            {
                Equal((ranks.Size * (ranks.Size + 1) / 2) + (ranks.Size * (i % 13)), values[i], "AllReduceSum", i);
            }
        }
    }

    // Rank r gets a part of 3 r + 2 entries.
    private static void ReduceScatter(ICollectives ranks)
    {
        int[] counts = [.. Enumerable.Range(0, ranks.Size).Select(rank => (3 * rank) + 2)];
        float[] values = [.. Enumerable.Range(0, counts.Sum()).Select(i => (float)(i * (ranks.Rank + 1)))];
        float[] part = new float[counts[ranks.Rank]];
        ranks.ReduceScatterSum(values, counts, part);
        int first = counts[..ranks.Rank].Sum();
        for (int i = 0; i < part.Length; i++)
        {
            Equal((first + i) * ranks.Size * (ranks.Size + 1) / 2, part[i], "ReduceScatterSum", i);
        }
    }

    // Rank r gives r bytes of value r + 1.
    private static void AllGather(ICollectives ranks)
    {
        int[] counts = [.. Enumerable.Range(0, ranks.Size)];
        byte[] part = [.. Enumerable.Repeat((byte)(ranks.Rank + 1), ranks.Rank)];
        byte[] all = new byte[counts.Sum()];
        ranks.AllGather(part, counts, all);
        byte[] expected = [.. counts.SelectMany(rank => Enumerable.Repeat((byte)(rank + 1), rank))];
        for (int i = 0; i < all.Length; i++)
        {
            Equal(expected[i], all[i], "AllGather", i);
        }
    }

    private static void Broadcast(ICollectives ranks)
    {
        for (int root = 0; root < ranks.Size; root++)
        {
            byte[] bytes = [(byte)(ranks.Rank + 5), (byte)ranks.Rank];
            ranks.Broadcast(bytes, root);
            Equal(root + 5, bytes[0], "Broadcast", 0);
            Equal(root, bytes[1], "Broadcast", 1);
        }
    }

    private static void Equal(double expected, double actual, string operation, int index)
    {
        if (expected != actual)
        {
            throw new InvalidOperationException($"{operation} gave {actual} at {index} instead of {expected}.");
        }
    }
}
