using System.Reflection;
using Residuum.Training.Data;

namespace Residuum.Training.Tests.Data;

/// <summary>The repository's own data folder.</summary>
internal static class Vendored
{
    public static DataFolder Folder { get; } = DataFolder.Find(Path.Combine(
        typeof(Vendored).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!, "data"));
}
