namespace Residuum.Training.Data;

/// <summary>A line of the data folder's manifest.</summary>
/// <param name="Path">The file's path inside the data folder, with forward slashes.</param>
/// <param name="Bytes">The file's size.</param>
/// <param name="ContentBytes">The size of its decompressed content; the same for a file that is not compressed.</param>
/// <param name="ContentSha256">The SHA-256 of that content, in lower-case hexadecimal.</param>
public sealed record ManifestEntry(string Path, long Bytes, long ContentBytes, string ContentSha256);
