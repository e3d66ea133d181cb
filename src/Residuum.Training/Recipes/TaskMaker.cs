using Residuum.Training.Trainer;

namespace Residuum.Training.Recipes;

/// <summary>Makes a task of data that is already loaded.</summary>
/// <param name="seed">The seed of initial weights, order of the data and dropout.</param>
/// <param name="search">
/// Whether the run belongs to a search over rates: then nothing is trained on that the search is judged by. Where data has its own
/// validation part this makes no difference.
/// </param>
public delegate TrainingTask TaskMaker(int seed, bool search);
