using Residuum.Architecture;
using Residuum.Distributed.Collectives;

namespace Residuum.Distributed.Tests.Architecture;

/// <summary>The public members of the distributed library are those of a text file, so that a change is seen in review.</summary>
public sealed class PublicApiTests
{
    [Fact]
    public void Public_members_of_the_distributed_library_are_those_of_the_list() => PublicApi.AssertListed(
        typeof(ICollectives).Assembly,
        Residuum.Tests.RepositoryRoot.File("tests", "Residuum.Distributed.Tests", "Architecture", "PublicApi.Residuum.Distributed.txt"));
}
