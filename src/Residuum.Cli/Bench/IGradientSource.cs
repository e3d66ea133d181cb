namespace Residuum.Cli.Bench;

/// <summary>Where a measured step has its gradients from.</summary>
internal interface IGradientSource
{
    /// <summary>
    /// Fills all gradients for the next step, tensor after tensor; from memory, as cold in the caches as after a backward pass.
    /// </summary>
    /// <param name="gradients">As many numbers as all tensors have.</param>
    void Draw(Span<float> gradients);
}
