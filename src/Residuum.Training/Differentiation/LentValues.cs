using Residuum.Optimizers;

namespace Residuum.Training.Differentiation;

/// <summary>
/// Values of parameters that somebody else has: lent when a parameter is used, for the one operation that reads it, and lent again for
/// that operation's backward pass.
/// </summary>
/// <param name="holder">Who has the values.</param>
internal sealed class LentValues(IValueHolder holder)
{
    private readonly List<(Tensor Tensor, int Operation)> _uses = [];
    private readonly List<Tensor> _lent = [];

    /// <summary>Begins a forward pass.</summary>
    public void Begin()
    {
        // Tensors of the pass before are other parameters' now.
        _lent.Clear();
        _uses.Clear();
        holder.Release();
    }

    /// <summary>Lends a parameter's values to the operation that is recorded next.</summary>
    /// <param name="tensor">The parameter's tensor.</param>
    /// <param name="operation">That operation's number.</param>
    public void Lend(Tensor tensor, int operation)
    {
        Lend(tensor);
        _uses.Add((tensor, operation));
    }

    /// <summary>Prepares the backward pass of an operation; they run from the last to the first.</summary>
    /// <param name="operation">Its number.</param>
    /// <param name="isRead">Whether it reads what its forward pass has read.</param>
    public void LendAgain(int operation, bool isRead)
    {
        while (_uses.Count > 0 && _uses[^1].Operation >= operation)
        {
            (Tensor tensor, int user) = _uses[^1];
            _uses.RemoveAt(_uses.Count - 1);
            if (isRead && user == operation)
            {
                Lend(tensor);
            }
        }
    }

    /// <summary>An operation is done: what was lent to it returns.</summary>
    public void Release()
    {
        holder.Release();
        foreach (Tensor tensor in _lent)
        {
            tensor.SeeValues();
        }

        _lent.Clear();
    }

    private void Lend(Tensor tensor)
    {
        holder.Lend(tensor.Parameter);
        tensor.SeeValues();
        _lent.Add(tensor);
    }
}
