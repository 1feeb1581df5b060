using Tangent.Access;
using Tangent.Collect;
using Tangent.Map;
using Tangent.Operate;
using static Tangent.Web.Texts;

namespace Tangent.Unify;

/// <summary>A persona as the API and the pages show and take it.</summary>
/// <param name="Id">Its number; filters name it by this.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Description">Who it is, in a few words.</param>
/// <param name="Goals">What the person wants to reach.</param>
/// <param name="Needs">What the person needs from the company.</param>
/// <param name="Frustrations">What annoys the person.</param>
/// <param name="Quote">A sentence that the person would say.</param>
/// <param name="Segment">Name of the segment it stands for; null or empty for none.</param>
/// <param name="Role">Its role in the buying committee; null where it is no such persona.</param>
/// <param name="Picture">Address of its picture; null where it has none. It is set by an address of its own.</param>
/// <param name="Size">How many customers it stands for now; null where it stands for none or that cannot be said. It is found out, not taken.</param>
public sealed record PersonaModel(
    int Id, string? Name, string? Description = null, IReadOnlyList<string>? Goals = null, IReadOnlyList<string>? Needs = null, IReadOnlyList<string>? Frustrations = null, string? Quote = null,
    string? Segment = null, BuyingRole? Role = null, string? Picture = null, PersonaSize? Size = null)
{
    internal PersonaEntry Entry => new(Name ?? "", Description ?? "", Goals ?? [], Needs ?? [], Frustrations ?? [], Quote ?? "", Segment ?? "", Role);
}

/// <param name="Added">Names of the personas that are new.</param>
/// <param name="Changed">Names of those that were there.</param>
public sealed record PersonasImported(IReadOnlyList<string> Added, IReadOnlyList<string> Changed);

/// <summary>Personas with the segments they stand for.</summary>
internal sealed class PersonaBook(PersonaQueries personas, PersonaCatalogue catalogue, PersonaMembers members, SegmentCatalogue segments)
{
    public async Task<IReadOnlyList<PersonaModel>> ListAsync(CancellationToken ct)
    {
        var all = new List<PersonaModel>();
        foreach (var persona in catalogue.All) all.Add(await ModelAsync(persona, ct));
        return all;
    }

    public async Task<PersonaModel> ModelAsync(Persona persona, CancellationToken ct)
    {
        var size = persona is { SegmentId: null, Role: null } ? null : (await members.SizeAsync(persona, ct)).Answer;
        return new PersonaModel(
            persona.Id, persona.Name, persona.Description, Persona.Lines(persona.Goals), Persona.Lines(persona.Needs), Persona.Lines(persona.Frustrations), persona.Quote,
            members.SegmentOf(persona)?.Name, persona.Role, persona.Picture, size);
    }

    public PersonaEntry EntryOf(Persona persona) => new(
        persona.Name, persona.Description, Persona.Lines(persona.Goals), Persona.Lines(persona.Needs), Persona.Lines(persona.Frustrations), persona.Quote, members.SegmentOf(persona)?.Name ?? "", persona.Role);

    /// <summary>Writes what was entered into a persona and keeps it; its number is 0 where it is new.</summary>
    /// <returns>Why it is not kept.</returns>
    public async Task<Refusal?> KeepAsync(Persona persona, PersonaEntry entry, Actor by, CancellationToken ct)
    {
        if (Fill(persona, entry, by) is { } refusal) return refusal;
        if (await personas.NameIsTakenAsync(persona.Name, persona.Id, ct) || !await personas.SaveAsync(persona, ct)) return new Refusal("name", T("Unify.Personas.NameTaken", persona.Name));
        return null;
    }

    /// <summary>Takes all or none; a persona of the same name is changed.</summary>
    /// <param name="entries">What the file says.</param>
    /// <param name="dryRun">Nothing is kept.</param>
    /// <param name="by">Who takes them.</param>
    /// <param name="ct">Ends it.</param>
    public async Task<Asked<PersonasImported>> TakeAsync(IReadOnlyList<PersonaEntry> entries, bool dryRun, Actor by, CancellationToken ct)
    {
        List<string> added = [], changed = [];
        foreach (var entry in entries)
        {
            if (Fill(new Persona { Name = "" }, entry, by) is { } refusal) return refusal with { Detail = $"{entry.Name}: {refusal.Detail}" };
            (catalogue.Named(entry.Name.Trim()) is null ? added : changed).Add(entry.Name.Trim());
        }

        if (dryRun) return new PersonasImported(added, changed);
        foreach (var entry in entries)
        {
            var persona = catalogue.Named(entry.Name.Trim()) is { } there ? (await personas.FindAsync(there.Id, ct))! : new Persona { Name = "" };
            if (await KeepAsync(persona, entry, by, ct) is { } refusal) return refusal;
        }

        return new PersonasImported(added, changed);
    }

    /// <summary>Keeps a picture, of which only what draws is kept.</summary>
    /// <returns>Why it is not kept.</returns>
    public async Task<string?> KeepPictureAsync(int id, Stream body, CancellationToken ct)
    {
        var bytes = new byte[LogoPicture.MostBytes + 1];
        var read = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, ct);
        if (read > LogoPicture.MostBytes) return T("Operate.Problem.LogoSize", LogoPicture.MostBytes / 1024);
        if (LogoPicture.Read(bytes[..read]) is not { } picture) return T("Operate.Problem.Logo");
        await personas.KeepPictureAsync(id, new PersonaPicture { PersonaId = id, MediaType = picture.MediaType, Picture = picture.Bytes }, ct);
        return null;
    }

    private Refusal? Fill(Persona persona, PersonaEntry entry, Actor by)
    {
        var segment = entry.Segment.Trim() is { Length: > 0 } name ? segments.Find(name) : null;
        if (entry.Segment.Trim().Length > 0 && segment is null) return new Refusal("segment", T("Unify.Segments.Unknown", entry.Segment));
        (persona.Name, persona.Description, persona.Quote) = (entry.Name.Trim(), MapContent.Plain(entry.Description), MapContent.Plain(entry.Quote));
        (persona.Goals, persona.Needs, persona.Frustrations) = (Joined(entry.Goals), Joined(entry.Needs), Joined(entry.Frustrations));
        (persona.SegmentId, persona.Role, persona.ChangedUtc, persona.ChangedBy) = (segment?.Id, entry.Role, DateTime.UtcNow, by.Name);
        return persona.Fault() is var (field, detail) ? new Refusal(field, detail) : null;
    }

    private static string Joined(IReadOnlyList<string> lines) => string.Join('\n', Persona.Lines(string.Join('\n', lines.Select(l => l?.ReplaceLineEndings(" ")))));
}
