namespace Residuum.Distributed.Exchange;

/// <summary>How a parameter travels in a step.</summary>
internal enum Route
{
    /// <summary>Not at all: no rank has a gradient.</summary>
    None,

    /// <summary>Whole, in a call of its own and in place: it is large.</summary>
    Alone,

    /// <summary>Whole, in one message with others.</summary>
    Whole,

    /// <summary>Compressed, in one summed message with others.</summary>
    Summed,

    /// <summary>Compressed, in one gathered message with others.</summary>
    Gathered,
}
