namespace Residuum.Training.Data;

/// <summary>Labelled rows of sparse features, one after the other.</summary>
public interface IRowStream : IDisposable
{
    /// <summary>The label of the row that was read last.</summary>
    double Label { get; }

    /// <summary>The row's feature indices, from 0, rising; valid until the next row.</summary>
    ReadOnlySpan<int> Indices { get; }

    /// <summary>The values at those indices.</summary>
    ReadOnlySpan<double> Values { get; }

    /// <summary>Reads the next row.</summary>
    /// <returns>False at the end.</returns>
    bool Read();
}
