namespace Tangent.Engine;

/// <summary>
/// A state of a path and what follows it, as one number: the last touchpoints as symbols of a fixed number of bits, the latest lowest,
/// and the following symbol below them. Before a path's first touchpoint stands <see cref="Start"/>, so that a path begins in state 0.
/// </summary>
internal readonly record struct PathGram(long Key, double Count, double Value)
{
    public const int Start = 0;
    public const int Converted = 1;
    public const int Lost = 2;
    public const int FirstTouchpoint = 3;

    public long State(int bits) => Key >> bits;

    public int Next(int bits) => (int)(Key & ((1L << bits) - 1));

    /// <summary>The touchpoint a state ends in; negative at the start.</summary>
    public static int LastOf(long state, int bits) => (int)(state & ((1L << bits) - 1)) - FirstTouchpoint;

    public PathTransition Transition(int bits, int order)
    {
        var from = new List<int>();
        for (var place = order; place > 0; place--)
            if (LastOf(Key >> (bits * place), bits) is >= 0 and var touchpoint) from.Add(touchpoint);
        return new PathTransition([.. from], Next(bits) switch { Converted => PathTransition.Converted, Lost => PathTransition.Lost, var next => next - FirstTouchpoint }, Count);
    }
}
