using System.Globalization;
using Residuum.Distributed.Collectives;
using Residuum.State;

namespace Residuum.Distributed.Exchange;

/// <summary>
/// What an exchange puts into a checkpoint: <c>exchange.FIELD</c> for what ranks have in common, <c>exchange.rankN.PARAMETER.FIELD</c> for
/// what each has of its own. A file of N ranks is taken by M.
/// </summary>
/// <param name="options">How gradients travel.</param>
/// <param name="state">What the exchange remembers.</param>
/// <param name="collectives">The ranks.</param>
internal sealed class RankCheckpoint(ExchangeOptions options, RankState state, ICollectives collectives)
{
    private const string Prefix = "exchange.";
    private const string RanksKey = "exchange.ranks";
    private const string OptionsKey = "exchange";

    private string Text => $"{options.Name}[{string.Join(';', options.Values.Select(option => $"{option.Key}={option.Value}"))}]";

    /// <summary>Gathers all ranks' fields, one after the other; rank 0 keeps them.</summary>
    public void AddTo(CheckpointContent content)
    {
        content.Require(OptionsKey, Text);
        content.Describe(RanksKey, collectives.Size.ToString(CultureInfo.InvariantCulture));
        foreach (StateField field in state.Shared)
        {
            content.Add(field, Prefix);
        }

        foreach (StateField field in state.Parts.SelectMany(part => part.Fields))
        {
            byte[] mine = Content(field);
            byte[] all = new byte[(long)mine.Length * collectives.Size];
            int[] counts = new int[collectives.Size];
            Array.Fill(counts, mine.Length);
            collectives.AllGather(mine, counts, all);
            for (int rank = 0; rank < collectives.Size && collectives.Rank == 0; rank++)
            {
                string owner = $"rank{rank}.{field.Name[..^(field.Spec.Name.Length + 1)]}";
                content.Add(StateField.Of(owner, field.Spec, all.AsMemory(rank * mine.Length, mine.Length)), Prefix);
            }
        }
    }

    /// <summary>Adds what must agree, and what is to be done when all has been checked.</summary>
    public void Resume(CheckpointContent content, string path)
    {
        content.Require(OptionsKey, Text);
        content.Ignore(Prefix);
        content.Check(metadata => Differences(metadata, path));
        content.Restore(metadata => Take(metadata, path));
    }

    private IEnumerable<string> Differences(IReadOnlyDictionary<string, string> metadata, string path)
    {
        if (!metadata.ContainsKey(OptionsKey))
        {
            // Said already: the text is required.
            yield break;
        }

        if (Ranks(metadata) is not int ranks)
        {
            yield return $"{RanksKey} is {metadata.GetValueOrDefault(RanksKey) ?? "not given"} in the checkpoint; it must be a whole "
                + "number of at least 1";
            yield break;
        }

        using SafetensorsFile file = SafetensorsFile.Open(path);
        IEnumerable<(string Name, StateField Field)> wanted = state.Shared.Select(field => (Prefix + field.Name, field)).Concat(
            from rank in Enumerable.Range(0, ranks)
            from part in state.Parts
            from field in part.Fields
            select (NameOf(rank, field), field));
        foreach ((string name, StateField field) in wanted)
        {
            if (file.Find(name) is not { } tensor || tensor.Type != field.Spec.Type || !tensor.Shape.SequenceEqual(field.Spec.Shape))
            {
                yield return $"{name} is missing in the checkpoint, or of another type or shape than here";
                continue;
            }

            using Stream stream = file.OpenTensor(name);
            if (field.Check(stream) is string wrong)
            {
                yield return $"{name} {wrong}";
            }
        }
    }

    private void Take(IReadOnlyDictionary<string, string> metadata, string path)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        foreach (StateField field in state.Shared)
        {
            Read(file, Prefix + field.Name, field);
        }

        int ranks = Ranks(metadata)!.Value;
        foreach (RankPart part in state.Parts)
        {
            if (ranks == collectives.Size)
            {
                Read(file, collectives.Rank, part);
            }
            else
            {
                RankRedivision.Take(part, ranks, collectives.Rank, rank => Read(file, rank, part));
            }
        }
    }

    private static void Read(SafetensorsFile file, int rank, RankPart part)
    {
        foreach (StateField field in part.Fields)
        {
            Read(file, NameOf(rank, field), field);
        }
    }

    private static void Read(SafetensorsFile file, string name, StateField field)
    {
        using Stream stream = file.OpenTensor(name);
        field.Read(stream);
    }

    private static byte[] Content(StateField field)
    {
        using MemoryStream stream = new();
        field.Write(stream);
        return stream.ToArray();
    }

    private static string NameOf(int rank, StateField field) => $"{Prefix}rank{rank}.{field.Name}";

    private static int? Ranks(IReadOnlyDictionary<string, string> metadata) =>
        int.TryParse(metadata.GetValueOrDefault(RanksKey), NumberStyles.None, CultureInfo.InvariantCulture, out int ranks) && ranks >= 1
            ? ranks
            : null;
}
