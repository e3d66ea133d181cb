namespace Residuum.Optimizers;

/// <summary>A name that is not known: of an optimizer or of an option. The message suggests the nearest known one.</summary>
public sealed class UnknownNameException : ArgumentException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="kind">What was named, for example <c>optimizer</c>.</param>
    /// <param name="name">The unknown name.</param>
    /// <param name="known">The known names.</param>
    public UnknownNameException(string kind, string name, IEnumerable<string> known)
        : base(NearestName.Explain(kind, name, known)) => UnknownName = name;

    /// <summary>The unknown name.</summary>
    public string UnknownName { get; }
}
