namespace Residuum.Training.Differentiation;

/// <summary>A loop over independent rows (or samples, heads, columns, ...), for <see cref="Tape"/> to share between threads.</summary>
internal interface IRowKernel
{
    /// <summary>Processes some rows. What is written depends on the row alone, never on how rows fall into ranges.</summary>
    /// <param name="first">The first row.</param>
    /// <param name="end">One past the last row.</param>
    /// <param name="worker">Which worker this is, to index scratch memory.</param>
    void Run(int first, int end, int worker);
}
