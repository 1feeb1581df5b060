using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Text;
using Tangent.Data;
using Tangent.Engine;

namespace Tangent.Collect;

/// <summary>Turns log rows into journeys, always in the same way: identities joined, texts coded, events appended to the engine. One writer.</summary>
internal sealed class JourneyProjection
{
    private readonly CollectedEvent _event = new();
    private readonly byte[][] _propertyNames;
    private readonly ushort[] _values;
    private readonly byte[] _source = new byte[11];
    private bool _isRestoring;

    public JourneyProjection(JourneyTable table, EventCodes codes, IdentityGraph identities, Accounts accounts, long position)
    {
        (Table, Codes, Identities, Accounts, Position) = (table, codes, identities, accounts, position);
        _propertyNames = [.. codes.Properties.Select(Encoding.UTF8.GetBytes)];
        _values = new ushort[_propertyNames.Length];
        identities.Moved = table.Assign;
    }

    public JourneyTable Table { get; }

    public EventCodes Codes { get; }

    public IdentityGraph Identities { get; }

    public Accounts Accounts { get; }

    /// <summary>Log position (exclusive) up to which everything is in.</summary>
    public long Position { get; private set; }

    /// <summary>Guards the dictionaries and the graph: held while a row goes in, and by readers for single look-ups.</summary>
    public Lock Gate { get; } = new();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Apply(LogRow row)
    {
        lock (Gate)
        {
            Utf8Formatter.TryFormat(row.SourceId, _source, out var length);
            var position = row.Position;
            foreach (var json in row.Events)
            {
                if (row.Kind == LogKind.Erase) Erase(json.Span);
                else if (row.Kind == LogKind.Aged) Age(json.Span);
                else if (row.Kind is LogKind.Merge or LogKind.Split) ApplyDecision(row.Kind, json.Span, position);
                else if (row.Kind is LogKind.Events or LogKind.Import && _event.Read(json, row.ReceivedAtMs, row.SentAtMs, out _, row.Kind)) Apply(row, _source.AsSpan(0, length), position);
                position++;
            }

            Position = row.Position + row.Count;
        }
    }

    /// <summary>Takes the events at these positions, and the joins they made, out again, as far as the rest does not make them too.</summary>
    public void Withdraw(PositionRanges positions)
    {
        lock (Gate)
        {
            Table.Withdraw(positions);
            Identities.Withdraw(positions.Contains);
        }
    }

    /// <summary>Takes a row in again that was withdrawn.</summary>
    public void Restore(LogRow row)
    {
        var position = Position;
        _isRestoring = true;
        Apply(row);
        _isRestoring = false;
        Position = position;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Apply(LogRow row, ReadOnlySpan<byte> source, long position)
    {
        var user = Identity(IdentityGraph.User, _event.UserId);
        var anonymous = Identity(IdentityGraph.Anonymous, _event.AnonymousId);
        if (user >= 0 && anonymous >= 0) Identities.TryJoin(user, anonymous, Join.SeenTogether, position);
        var identity = user >= 0 ? user : anonymous;
        if (identity < 0) return;
        switch (_event.Type)
        {
            case EventType.Alias:
                ApplyAlias(identity, row.Trusted, position);
                break;
            case EventType.Group:
                Accounts.Set(identity, _event.GroupId, position);
                break;
            case EventType.Identify:
                break;
            default:
                for (var p = 0; p < _values.Length; p++) _values[p] = Codes.Value(p, _event.Property(_propertyNames[p]));
                Table.Append(new JourneyEvent(identity, _event.TimestampMs, Codes.Signature(_event, source), _event.Value, Codes.Currency(_event.Currency), position), _values);
                break;
        }
    }

    /// <returns>−1 where there is no id, or only the mark of one that was erased since the row came in the first time.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Identity(byte kind, ReadOnlySpan<byte> id) =>
        id.IsEmpty ? -1 : _isRestoring && ErasureRecord.IsMark(id) ? Identities.Find(kind, id) : Identities.GetOrAdd(kind, id);

    private void ApplyAlias(int identity, bool trusted, long position)
    {
        var previous = Identities.Find(IdentityGraph.User, _event.PreviousId);
        if (previous < 0 && _isRestoring && ErasureRecord.IsMark(_event.PreviousId) && Identities.Find(IdentityGraph.Anonymous, _event.PreviousId) < 0) return;
        if (previous < 0) previous = trusted ? Identities.Name(_event.PreviousId, position) : Identities.GetOrAdd(IdentityGraph.Anonymous, _event.PreviousId);
        // Only a source with a key that no visitor can read may say that two known customers are one.
        Identities.TryJoin(identity, previous, trusted ? Join.Stated : Join.SeenTogether, position);
    }

    private void Erase(ReadOnlySpan<byte> json)
    {
        var record = ErasureRecord.Of(json);
        var identities = record.Identifiers.Select(Identities.Find).Where(i => i >= 0).ToList();
        var signatures = SignaturesOf(identities);
        foreach (var identity in identities) Table.Erase(identity);
        Accounts.Erase(identities);
        Identities.Erase(identities);
        Forget(signatures);
        var subject = new DataSubject(null, record.Identifiers, record.Texts ?? []);
        Codes.Unname(subject.WithoutNames);
    }

    /// <summary>Events go whose time is over; who is one with whom stays.</summary>
    private void Age(ReadOnlySpan<byte> json)
    {
        if (AgedRecord.Of(json) is not { IsDone: false } record) return;
        Table.Withdraw(new PositionRanges(record.Ranges));
        Forget([.. Enumerable.Range(0, Codes.SignatureCount).Select(s => (ushort)s)]);
    }

    private HashSet<ushort> SignaturesOf(List<int> identities)
    {
        var view = Table.View();
        return [.. identities.Select(Identities.CustomerOf).Distinct().SelectMany(c => Engine.CustomerJourney.Of(view, c).Events).Select(e => e.Event.Signature)];
    }

    /// <summary>The name or the path of a page may name a person: where nobody else was there, its text goes with the person.</summary>
    private void Forget(HashSet<ushort> signatures)
    {
        if (signatures.Count == 0) return;
        signatures.ExceptWith(new SignaturesQuestion().Ask(Table.View()).Signatures.Where(s => s.Events > 0).Select(s => s.Number));
        foreach (var signature in signatures) Codes.Forget(signature);
    }

    /// <summary>A merge names identifiers that are one customer, or the split it takes back; a split names the join it takes back, or identifiers that are not one customer.</summary>
    private void ApplyDecision(LogKind kind, ReadOnlySpan<byte> json, long position)
    {
        var decision = IdentityDecision.Of(json);
        var identities = decision.Identifiers.Select(Identities.Find).Where(i => i >= 0).ToList();
        switch (kind)
        {
            case LogKind.Split when decision.TakesBack:
                Identities.Cut(decision.Position, position, byRule: decision.Rule.Length > 0);
                return;
            case LogKind.Split when decision.Way != SplitWay.KeptApart:
                Identities.SplitOff(identities, decision.Way == SplitWay.Each, position);
                return;
            case LogKind.Merge when decision.TakesBack:
                Identities.Restore(decision.Position, position);
                return;
        }

        for (var i = 1; i < identities.Count; i++)
        {
            if (kind == LogKind.Split) Identities.KeepApart(identities[0], identities[i], position);
            else Identities.TryJoin(identities[0], identities[i], decision.Rule.Length > 0 ? Join.ByRule : Join.Stated, position);
        }

        Identities.Decided(identities, position);
    }
}
