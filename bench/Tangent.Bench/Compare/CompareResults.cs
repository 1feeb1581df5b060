using System.Text.Json.Serialization;

namespace Tangent.Bench;

/// <summary>What one question came to; times are medians.</summary>
/// <param name="MemoryRatio">Engine's time by the time of reading the bytes it must read once.</param>
/// <param name="Equal">Whether everyone gave the same answer; null where nobody else was asked.</param>
/// <param name="Others">Processors that programs outside the comparison used meanwhile.</param>
/// <param name="AsPageMs">The engine's time where it is asked for all that the program's page shows; null where that is the same, or there is no such page.</param>
internal sealed record QuestionResult(
    string Question,
    string Text,
    double EngineMs,
    double EngineProcessorMs,
    string BestPeer,
    double? BestPeerMs,
    double? Ratio,
    double MemoryRatio,
    bool? Equal,
    string Hash,
    int Rows,
    PeerResult[] Peers,
    double Others,
    double? AsPageMs = null)
{
    [JsonIgnore]
    public PeerResult? Nested => Array.Find(Peers, peer => peer.Nested);

    /// <summary>How far the engine is ahead in processor time, of the peer that needs least: what other programs do meanwhile matters little to it.</summary>
    public double? ProcessorRatio => Peers.Where(peer => !peer.Nested).Min(peer => peer.ProcessorMs) / EngineProcessorMs;

    public double? NestedRatio => Nested?.Ms / EngineMs;
}

/// <summary>A peer's best variant of a question.</summary>
internal sealed record PeerResult(string Peer, bool Nested, string Variant, double? Ms, double? ProcessorMs, string? Error);

/// <summary>A comparison at one size.</summary>
internal sealed record SizeResult(
    long Events,
    int Customers,
    int Seed,
    int Runs,
    string Date,
    Machine Machine,
    string EngineVersion,
    double EngineLoadMs,
    double EngineOpenMs,
    long EngineBytes,
    long EngineHeldBytes,
    LoadedPeer[] Loaded,
    double LoadBefore,
    double LoadAfter,
    QuestionResult[] Questions);

/// <summary>A peer with the data in it.</summary>
internal sealed record LoadedPeer(string Name, string Version, double LoadMs, long Bytes);
