namespace Residuum.Optimizers;

/// <summary>The element-wise update whose norm <see cref="Shampoo"/> and <see cref="SShampoo"/> take over.</summary>
public enum Grafting
{
    /// <summary>No norm is taken over.</summary>
    None,

    /// <summary>The gradient.</summary>
    Sgd,

    /// <summary>The gradient over the root of a moving average of its squares.</summary>
    Rmsprop,

    /// <summary>The gradient over the root of the sum of its squares.</summary>
    Adagrad,

    /// <summary>As <see cref="Rmsprop"/>, with bias correction; no momentum.</summary>
    Adam,
}
