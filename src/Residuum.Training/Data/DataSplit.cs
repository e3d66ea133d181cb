namespace Residuum.Training.Data;

/// <summary>The three parts of a data set.</summary>
/// <typeparam name="T">What a part is.</typeparam>
/// <param name="Train">What is trained on.</param>
/// <param name="Validation">What rates and other settings are chosen by.</param>
/// <param name="Test">What is reported; never used to choose anything.</param>
public sealed record DataSplit<T>(T Train, T Validation, T Test);
