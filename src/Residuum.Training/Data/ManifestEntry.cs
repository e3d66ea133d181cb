using System.IO.Compression;
using System.Security.Cryptography;

namespace Residuum.Training.Data;

/// <summary>A file of a data set, with what its content must be.</summary>
/// <param name="Path">The file's path inside its folder, with forward slashes.</param>
/// <param name="Bytes">The file's size.</param>
/// <param name="ContentBytes">The size of its decompressed content; the same for a file that is not compressed.</param>
/// <param name="ContentSha256">The SHA-256 of that content, in lower-case hexadecimal.</param>
public sealed record ManifestEntry(string Path, long Bytes, long ContentBytes, string ContentSha256)
{
    /// <summary>Compares the file's decompressed content with this entry (another compressor may make other bytes of the same
    /// content).</summary>
    /// <param name="folder">The folder that <see cref="Path"/> starts from.</param>
    /// <returns>Null when it agrees, else one sentence that says what does not.</returns>
    public string? Verify(string folder)
    {
        string path = System.IO.Path.Combine(folder, Path);
        if (!File.Exists(path))
        {
            return $"{Path} is missing.";
        }

        using FileStream raw = File.OpenRead(path);
        try
        {
            using Stream content = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(raw, CompressionMode.Decompress) : raw;
            string hash = Convert.ToHexStringLower(SHA256.HashData(content));
            return hash == ContentSha256 ? null : $"{Path} has content with SHA-256 {hash}; it must be {ContentSha256}.";
        }
        catch (InvalidDataException)
        {
            return $"{Path} holds damaged gzip data.";
        }
    }
}
