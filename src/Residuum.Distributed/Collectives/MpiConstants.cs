using System.Runtime.InteropServices;

namespace Residuum.Distributed.Collectives;

/// <summary>The handles and numbers in which MPI libraries differ (methods page of distributed training, section 2).</summary>
/// <remarks>
/// All handles are held as nint. A library whose handles are int reads the low half of the register, and fills the low half of a variable,
/// which must be 0 before.
/// </remarks>
internal sealed record MpiConstants(
    nint World, nint Float, nint Byte, nint Sum, nint ErrorsReturn, nint InPlace, nint StatusIgnore, int ThreadSerialized)
{
    /// <summary>The constants of a loaded library.</summary>
    public static MpiConstants Of(MpiFlavour flavour, nint library) => flavour switch
    {
        MpiFlavour.OpenMpi => new(
            NativeLibrary.GetExport(library, "ompi_mpi_comm_world"),
            NativeLibrary.GetExport(library, "ompi_mpi_float"),
            NativeLibrary.GetExport(library, "ompi_mpi_byte"),
            NativeLibrary.GetExport(library, "ompi_mpi_op_sum"),
            NativeLibrary.GetExport(library, "ompi_mpi_errors_return"),
            InPlace: 1,
            StatusIgnore: 0,
            ThreadSerialized: 2),
        MpiFlavour.Mpich => new(
            0x44000000, 0x4c00040a, 0x4c00010d, 0x58000003, 0x54000001, InPlace: -1, StatusIgnore: 1, ThreadSerialized: 2),
        _ => new(0x101, 0x210, 0x247, 0x21, 0x143, InPlace: 1, StatusIgnore: 0, ThreadSerialized: 2048),
    };
}
