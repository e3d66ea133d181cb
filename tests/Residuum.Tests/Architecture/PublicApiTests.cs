using Residuum.Architecture;

namespace Residuum.Tests.Architecture;

/// <summary>The public members of the library are those of a text file, so that a change is seen in review.</summary>
public sealed class PublicApiTests
{
    [Fact]
    public void Public_members_of_the_library_are_those_of_the_list() =>
        PublicApi.AssertListed(typeof(Parameter).Assembly, RepositoryRoot.File("tests", "Residuum.Tests", "Architecture", "PublicApi.Residuum.txt"));
}
