using Residuum.State;

namespace Residuum.ErrorMemory;

/// <summary>Where the part of one tensor's gradient goes that compression did not keep, and from where it comes back.</summary>
/// <remarks>
/// The pipeline runs unit by unit. For each it calls <see cref="AddTo"/>, lets the compressor keep and remove what it will, and calls
/// <see cref="Update(ReadOnlySpan{float}, int)"/> with the rest. What a memory cannot hold exactly is lost there and only there. Units may
/// be worked on by several threads at once; they never share a granule.
/// </remarks>
internal abstract class ErrorMemory
{
    /// <summary>
    /// The entries that must be in one unit: a bucket, a row, ...; every unit but the last is a multiple of it. At least 1.
    /// </summary>
    public abstract int Granule { get; }

    /// <summary>
    /// Whether its numbers are a linear function of the error, so that the mean of several memories is the memory of the mean error.
    /// </summary>
    public virtual bool IsLinear => false;

    /// <summary>The bytes of working memory, which hold nothing between steps.</summary>
    public virtual long ScratchBytes => 0;

    /// <summary>The live state.</summary>
    /// <param name="owner">The parameter's name.</param>
    public abstract IEnumerable<StateField> State(string owner);

    /// <summary><c>corrected = gradient + error</c>.</summary>
    /// <param name="gradient">The gradient of the unit.</param>
    /// <param name="corrected">The sum, of the same length.</param>
    /// <param name="start">The unit's first entry in the tensor.</param>
    public abstract void AddTo(ReadOnlySpan<float> gradient, Span<float> corrected, int start);

    /// <summary>The error is now what was left of the corrected gradient.</summary>
    /// <param name="rest">The corrected gradient with zeros where entries were kept.</param>
    /// <param name="start">The unit's first entry in the tensor.</param>
    public abstract void Update(ReadOnlySpan<float> rest, int start);

    /// <summary>The same, while what will be wanted next is on its way from memory.</summary>
    /// <param name="rest">The corrected gradient with zeros where entries were kept.</param>
    /// <param name="start">The unit's first entry in the tensor.</param>
    /// <param name="ahead">What will be wanted next. It affects the time alone.</param>
    public virtual void Update(ReadOnlySpan<float> rest, int start, ReadOnlySpan<float> ahead) => Update(rest, start);

    /// <summary>Requests the first lines of a unit's error from memory; it affects the time alone.</summary>
    /// <param name="start">The unit's first entry in the tensor.</param>
    /// <param name="length">The unit's entries.</param>
    public virtual void Request(int start, int length)
    {
    }

    /// <summary>The error as the memory gives it back.</summary>
    /// <param name="error">As many entries as the unit has.</param>
    /// <param name="start">The unit's first entry in the tensor.</param>
    public abstract void Read(Span<float> error, int start);

    /// <summary>Multiplies the error, for methods that put a part of it to use.</summary>
    /// <param name="factor">In (0, 1).</param>
    /// <param name="start">The unit's first entry in the tensor.</param>
    /// <param name="length">The unit's entries.</param>
    public abstract void Scale(float factor, int start, int length);

    /// <summary>Forgets the error: it is 0 again.</summary>
    public abstract void Clear();
}
