using System.Reflection;
using Residuum.Architecture;
using Residuum.Training.Models;

namespace Residuum.Training.Tests.Architecture;

/// <summary>The public members of the training library are those of a text file, so that a change is seen in review.</summary>
public sealed class PublicApiTests
{
    [Fact]
    public void Public_members_of_the_training_library_are_those_of_the_list() => PublicApi.AssertListed(
        typeof(MultilayerPerceptron).Assembly,
        Path.Combine(Root, "tests", "Residuum.Training.Tests", "Architecture", "PublicApi.Residuum.Training.txt"));

    private static string Root => typeof(PublicApiTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "RepositoryRoot").Value!;
}
