namespace Residuum.Optimizers;

/// <summary>The weight of a new gradient in the second moments of an axis.</summary>
public enum StatisticsWeight
{
    /// <summary>1: a sum, decaying where beta2 is below 1.</summary>
    One,

    /// <summary>1 - beta2: a moving average. With beta2 = 1 the weight is 1.</summary>
    OneMinusBeta2,
}
