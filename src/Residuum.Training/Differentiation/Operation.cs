namespace Residuum.Training.Differentiation;

/// <summary>One step of the forward pass that knows its derivative: the tape keeps it and runs it backwards.</summary>
/// <remarks>
/// To add an operation, derive from this class, keep the inputs in fields, compute the result in a static method and write
/// <see cref="Backward"/>. Objects are reused from step to step, so a field is set anew on every use.
/// <code>
/// public sealed class SquareOperation : Operation
/// {
///     private Tensor _x = null!;
///
///     public static Tensor Apply(Tape tape, Tensor x)
///     {
///         Tensor y = tape.Result(x.RequiresGradient, x.Shape);
///         for (int i = 0; i &lt; x.Length; i++) { y.Values[i] = x.Values[i] * x.Values[i]; }
///         SquareOperation operation = tape.Rent&lt;SquareOperation&gt;();
///         operation._x = x;
///         return tape.Record(operation, y);
///     }
///
///     public override void Backward(Tape tape)
///     {
///         Span&lt;float&gt; dx = tape.GradientToAddTo(_x);
///         for (int i = 0; i &lt; dx.Length; i++) { dx[i] += 2 * _x.Values[i] * Output.Gradient[i]; }
///     }
/// }
/// </code>
/// </remarks>
public abstract class Operation
{
    /// <summary>What the operation computed.</summary>
    public Tensor Output { get; internal set; } = null!;

    /// <summary>
    /// Whether <see cref="Backward"/> reads values of parameters: where they are divided between ranks, they come at a price.
    /// </summary>
    internal virtual bool BackwardReadsParameters => true;

    /// <summary>Adds to the gradient of each input that requires one, given the gradient of <see cref="Output"/>.</summary>
    /// <param name="tape">The tape; <see cref="Tape.GradientToAddTo"/> gives an input's gradient.</param>
    public abstract void Backward(Tape tape);
}
