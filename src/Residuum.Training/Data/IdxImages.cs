namespace Residuum.Training.Data;

/// <summary>The content of an IDX file of images.</summary>
/// <param name="Count">How many images.</param>
/// <param name="Rows">Rows of an image.</param>
/// <param name="Columns">Columns of an image.</param>
/// <param name="Pixels">Count x Rows x Columns bytes, row-major, 0 = background.</param>
public sealed record IdxImages(int Count, int Rows, int Columns, byte[] Pixels);
