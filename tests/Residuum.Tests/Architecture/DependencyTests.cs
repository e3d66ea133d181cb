using System.Text.RegularExpressions;

namespace Residuum.Tests.Architecture;

/// <summary>Dependencies point one way. What a namespace may use is listed here; using anything else of the project fails. The root namespace is open to all.</summary>
public sealed partial class DependencyTests
{
    private static readonly Dictionary<string, string[]> Library = new(StringComparer.Ordinal)
    {
        ["Residuum.Numerics"] = [],
        ["Residuum.State"] = ["Residuum.Numerics"],
        ["Residuum.Schedules"] = ["Residuum.State"],
        ["Residuum.Compression"] = ["Residuum.State", "Residuum.Numerics"],
        ["Residuum.ErrorMemory"] = ["Residuum.State", "Residuum.Numerics"],
        ["Residuum.Preconditioning"] = ["Residuum.State", "Residuum.Numerics"],
        ["Residuum.Optimizers"] = ["Residuum.Preconditioning", "Residuum.Compression", "Residuum.ErrorMemory", "Residuum.State", "Residuum.Numerics"],
        ["Residuum.Replay"] = ["Residuum.Optimizers", "Residuum.Preconditioning", "Residuum.Schedules", "Residuum.State", "Residuum.Numerics"],
        ["Residuum"] = [],
    };

    private static readonly Dictionary<string, string[]> Training = new(StringComparer.Ordinal)
    {
        ["Residuum.Training.Differentiation"] = [],
        ["Residuum.Training.Layers"] = ["Residuum.Training.Differentiation"],
        ["Residuum.Training.Models"] = ["Residuum.Training.Layers", "Residuum.Training.Differentiation"],
        ["Residuum.Training.Data"] = [],
    };

    private static readonly Dictionary<string, string[]> Distributed = new(StringComparer.Ordinal)
    {
        ["Residuum.Distributed.Collectives"] = [],
        ["Residuum.Distributed.Exchange"] = ["Residuum.Distributed.Collectives"],
        ["Residuum.Distributed.Sharding"] = ["Residuum.Distributed.Collectives", "Residuum.Distributed.Exchange"],
        ["Residuum.Distributed.Replay"] = ["Residuum.Distributed.Collectives", "Residuum.Distributed.Exchange"],
    };

    [Fact]
    public void Library_namespaces_use_only_what_lies_below_them() => Repository.AssertNone(Violations("src/Residuum", Library, "Residuum."));

    [Fact]
    public void Training_namespaces_use_only_what_lies_below_them() => Repository.AssertNone(Violations("src/Residuum.Training", Training, "Residuum.Training."));

    [Fact]
    public void Distributed_namespaces_use_only_what_lies_below_them() =>
        Repository.AssertNone(Violations("src/Residuum.Distributed", Distributed, "Residuum.Distributed."));

    [Fact]
    public void Training_and_Distributed_do_not_know_each_other()
    {
        Repository.AssertNone(Repository.SourceFiles("src/Residuum.Training").Where(path => Mentions(path, "Residuum.Distributed")));
        Repository.AssertNone(Repository.SourceFiles("src/Residuum.Distributed").Where(path => Mentions(path, "Residuum.Training")));
        static bool Mentions(string path, string name) => Repository.Lines(path).Any(line => line.Contains(name, StringComparison.Ordinal));
    }

    [Fact]
    public void Library_depends_on_nothing_outside_the_base_class_library() =>
        Assert.All(typeof(Parameter).Assembly.GetReferencedAssemblies(), reference => Assert.StartsWith("System.", reference.Name, StringComparison.Ordinal));

    private static IEnumerable<string> Violations(string folder, Dictionary<string, string[]> rules, string prefix)
    {
        foreach (string path in Repository.SourceFiles(folder))
        {
            string text = string.Join('\n', Repository.Lines(path).Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal)));
            string home = Declaration().Match(text).Groups["name"].Value;
            if (RuleOf(home, rules) is not string rule)
            {
                continue;
            }

            foreach (string used in Mention().Matches(text).Select(match => match.Groups["name"].Value).Where(name => name.StartsWith(prefix, StringComparison.Ordinal)))
            {
                if (RuleOf(used, rules) is string target && target != rule && target != "Residuum" && !rules[rule].Contains(target))
                {
                    yield return $"{path} uses {used}";
                }
            }
        }
    }

    /// <summary>The rule that covers a namespace: its own or that of the nearest namespace around it.</summary>
    private static string? RuleOf(string name, Dictionary<string, string[]> rules) =>
        rules.Keys.Where(rule => name == rule || name.StartsWith(rule + ".", StringComparison.Ordinal)).MaxBy(rule => rule.Length);

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"(?<!namespace )\b(?<name>Residuum(\.[A-Z]\w*)+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Mention();
}
