using Residuum.Training.Differentiation;

namespace Residuum.Training.Layers;

/// <summary>Drops a share of the entries in training; see <see cref="DropoutOperation"/>.</summary>
public sealed class Dropout : Layer
{
    private readonly float _share;
    private readonly ulong _stream;

    /// <summary>Makes the layer.</summary>
    /// <param name="scope">Its place in the model, which determines its random numbers together with the tape's seed.</param>
    /// <param name="share">The share to drop, from 0 to less than 1.</param>
    public Dropout(LayerScope scope, float share)
        : base(scope)
    {
        _share = share is >= 0 and < 1
            ? share
            : throw new ArgumentOutOfRangeException(
                nameof(share), share, $"The share to drop is {share}; it must be at least 0 and less than 1.");
        _stream = LayerScope.Stream(scope.FullName("dropout"));
    }

    /// <summary>Drops in training; passes <paramref name="x"/> on otherwise.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="x">Any shape.</param>
    public Tensor Forward(Tape tape, Tensor x) => DropoutOperation.Apply(tape, x, _share, _stream);
}
