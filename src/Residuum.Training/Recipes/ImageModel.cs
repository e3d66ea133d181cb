using Residuum.Training.Differentiation;
using Residuum.Training.Layers;

namespace Residuum.Training.Recipes;

/// <summary>A model of images, to be made from a seed.</summary>
/// <param name="InputShape">The dimensions in which it wants an image.</param>
/// <param name="Create">Makes it: the model and its logits as a function of a tensor [images, InputShape].</param>
internal sealed record ImageModel(int[] InputShape, Func<ulong, (Layer Model, Func<Tape, Tensor, Tensor> Forward)> Create);
