namespace Residuum.Training.Tests.Documentation;

/// <summary>Tests that capture the console, which is one for the process, run while no others do.</summary>
[CollectionDefinition(nameof(ConsoleCollection), DisableParallelization = true)]
public sealed class ConsoleCollection;
