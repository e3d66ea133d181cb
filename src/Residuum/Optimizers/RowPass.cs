namespace Residuum.Optimizers;

/// <summary>What a pass over tensors does with some rows, or with a stretch of a vector.</summary>
/// <param name="index">The parameter's position.</param>
/// <param name="row">Where they are.</param>
/// <param name="worker">Which worker does it, from 0: it may index scratch memory.</param>
/// <returns>What is added up over the parameter.</returns>
internal delegate double RowPass(int index, RowPasses.Row row, int worker);
