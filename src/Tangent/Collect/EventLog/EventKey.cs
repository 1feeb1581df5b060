using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Tangent.Collect;

/// <summary>Keys by which the event log knows an event again.</summary>
internal static class EventKey
{
    /// <summary>First 128 bits of SHA-256 over the source's number and <paramref name="identity"/> (a message id, or content and occurrence number). Never zero, which means "no key".</summary>
    public static UInt128 Of(int sourceId, ReadOnlySpan<byte> identity)
    {
        const int small = 512;
        var length = sizeof(int) + identity.Length;
        var input = length <= small ? stackalloc byte[small] : new byte[length];
        BinaryPrimitives.WriteInt32LittleEndian(input, sourceId);
        identity.CopyTo(input[sizeof(int)..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(input[..length], hash);
        var key = BinaryPrimitives.ReadUInt128LittleEndian(hash);
        return key == 0 ? 1 : key;
    }
}
