namespace Residuum.Training.Data;

/// <summary>The windows that cover a text once from front to back, for evaluation: every token but the first is predicted exactly
/// once.</summary>
/// <remarks>
/// Window k begins at token k x (length - context). Of the first window all predictions count; of a later one the first
/// <c>context</c> only serve the others as context, so that no prediction (but those at the text's beginning) is made from fewer tokens.
/// </remarks>
public sealed class SequentialWindows
{
    private readonly TokenStream _stream;
    private readonly int _length;
    private readonly int _context;

    /// <summary>Makes the windows of a text.</summary>
    /// <param name="stream">The text, of at least two tokens.</param>
    /// <param name="length">Tokens of a window, at least 1; the last window may be shorter.</param>
    /// <param name="context">Tokens that a window shares with the one before, from 0 to length - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range, or the text has fewer than two tokens.</exception>
    public SequentialWindows(TokenStream stream, int length, int context = 0)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentOutOfRangeException.ThrowIfLessThan(stream.Count, 2, nameof(stream));
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(context);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(context, length);
        _stream = stream;
        _length = length;
        _context = context;
        int beyondFirst = Math.Max(0, stream.Count - 1 - length);
        int stride = length - context;
        Count = 1 + ((beyondFirst + stride - 1) / stride);
    }

    /// <summary>How many windows.</summary>
    public int Count { get; }

    /// <summary>Tokens of a window: <c>length</c>, or what is left for the last.</summary>
    /// <param name="window">From 0 to <see cref="Count"/> - 1.</param>
    public int LengthOf(int window) => Math.Min(_length, _stream.Count - 1 - Start(window));

    /// <summary>The first prediction of a window that counts: 0 for the first window, else <c>context</c>.</summary>
    /// <param name="window">From 0 to <see cref="Count"/> - 1.</param>
    public int FirstScored(int window) => window == 0 ? 0 : _context;

    /// <summary>Copies a window.</summary>
    /// <param name="window">From 0 to <see cref="Count"/> - 1.</param>
    /// <param name="inputs">Receives <see cref="LengthOf"/> tokens; must be as long.</param>
    /// <param name="targets">Receives the token that follows each of them; must be as long.</param>
    /// <exception cref="ArgumentException">A target has another length.</exception>
    public void Copy(int window, Span<int> inputs, Span<int> targets)
    {
        if (inputs.Length != LengthOf(window) || targets.Length != inputs.Length)
        {
            throw new ArgumentException(
                $"Window {window} has {LengthOf(window)} tokens; there is room for {inputs.Length} inputs and {targets.Length} targets.",
                nameof(inputs));
        }

        _stream.CopyWindow(Start(window), inputs, targets);
    }

    private int Start(int window)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(window);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(window, Count);
        return window * (_length - _context);
    }
}
