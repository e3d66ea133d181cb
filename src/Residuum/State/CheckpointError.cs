namespace Residuum.State;

/// <summary>Why a checkpoint was refused.</summary>
public enum CheckpointError
{
    /// <summary>The file is not a well-formed safetensors file; the inner exception has the reason.</summary>
    Malformed,

    /// <summary>The file is well-formed, but it was not written as a checkpoint of this library, or by a newer format version.</summary>
    NotACheckpoint,

    /// <summary>The file's content is not what its checksum says: it was damaged.</summary>
    ChecksumMismatch,

    /// <summary>The file is a valid checkpoint of something else than what it should be loaded into.</summary>
    Mismatch,

    /// <summary>A folder holds a valid checkpoint of a later step than the one to go on from.</summary>
    LaterCheckpoint,
}
