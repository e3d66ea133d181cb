namespace Residuum.Training.Differentiation;

/// <summary>All operations of one type that a tape has made; each step hands them out again from the first on.</summary>
internal sealed class OperationPool
{
    private readonly List<Operation> _operations = [];
    private int _used;

    public TOperation Rent<TOperation>()
        where TOperation : Operation, new()
    {
        if (_used == _operations.Count)
        {
            _operations.Add(new TOperation());
        }

        return (TOperation)_operations[_used++];
    }

    public void Reset() => _used = 0;
}
