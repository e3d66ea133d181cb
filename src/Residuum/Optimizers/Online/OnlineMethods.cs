namespace Residuum.Optimizers;

/// <summary>The methods of online convex optimization, for the catalogue.</summary>
internal static class OnlineMethods
{
    public static IReadOnlyList<OptimizerKind> Kinds { get; } =
    [
        new OptimizerKind<OgdOptions>(
            "ogd",
            "Online gradient descent with a rate that falls as the root of time.",
            new OgdOptions(),
            OgdOptions.Table,
            (groups, settings) => new Ogd(groups, settings),
            (parameters, _) => OptimizerCatalog.PerParameter(parameters, (_, _) => Ogd.Fields())),
        new OptimizerKind<AdaGradOptions>(
            "adagrad",
            "Diagonal AdaGrad.",
            new AdaGradOptions(),
            AdaGradOptions.Table,
            (groups, settings) => new AdaGrad(groups, settings),
            (parameters, _) => OptimizerCatalog.PerParameter(parameters, (shape, _) => AdaGrad.Fields(shape))),
        new OptimizerKind<FullMatrixAdaGradOptions>(
            "adagrad-full",
            "Full-matrix AdaGrad, a yardstick for small tensors.",
            new FullMatrixAdaGradOptions(),
            FullMatrixAdaGradOptions.Table,
            (groups, settings) => new FullMatrixAdaGrad(groups, settings),
            (parameters, threads) => OptimizerCatalog.PerParameter(
                parameters, (shape, _) => FullMatrixAdaGrad.Fields(shape), FullMatrixAdaGrad.PlanScratchBytes(parameters, threads))),
        new OptimizerKind<SketchedDescentOptions>(
            "s-adagrad",
            "AdaGrad with a sketched covariance and its escaped mass.",
            new SketchedDescentOptions(),
            SketchedDescentOptions.Table,
            (groups, settings) => new SAdaGrad(groups, settings),
            Plan),
        new OptimizerKind<AdaFdOptions>(
            "ada-fd",
            "AdaGrad with a sketched covariance and a fixed diagonal.",
            new AdaFdOptions(),
            AdaFdOptions.Table,
            (groups, settings) => new AdaFd(groups, settings),
            Plan),
        new OptimizerKind<SketchedDescentOptions>(
            "fd-son",
            "Online Newton steps with Frequent Directions and a fixed diagonal.",
            new SketchedDescentOptions(),
            SketchedDescentOptions.Table,
            (groups, settings) => new FdSon(groups, settings),
            Plan),
        new OptimizerKind<SketchedDescentOptions>(
            "rfd-son",
            "Online Newton steps with robust Frequent Directions.",
            new SketchedDescentOptions(),
            SketchedDescentOptions.Table,
            (groups, settings) => new RfdSon(groups, settings),
            Plan),
    ];

    private static MemoryPlan Plan<TOptions>(IReadOnlyList<(ShapedParameter Parameter, TOptions Options)> parameters, int threads)
        where TOptions : SketchedDescentOptions => OptimizerCatalog.PerParameter(
            parameters,
            (shape, options) => SketchedDescent.Fields(shape, options),
            SketchedDescent.PlanScratchBytes(
                parameters.Select(entry => (entry.Parameter, (SketchedDescentOptions)entry.Options)), threads));
}
