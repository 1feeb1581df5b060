using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Tangent.Access;
using Tangent.Web;

namespace Tangent.Unify;

/// <summary>What identify and group calls of one source said of one identifier. A customer has one for each identifier and source; the golden record puts them together.</summary>
internal sealed class Profile
{
    /// <summary>The source number of what people here said themselves: their word stands above every source.</summary>
    public const int OfPeople = 0;

    public const string AccountPrefix = "account:";

    /// <summary>Least key of a person: the keys of accounts sort before it.</summary>
    public const string FirstPerson = "anonymous:";

    private const int MostSearched = 400;
    private const int LongestSearched = 60;

    /// <summary><c>user:…</c> or <c>anonymous:…</c>, as the journeys write identifiers; <c>account:…</c> of a company.</summary>
    public required string Key { get; set; }

    /// <summary>The source that said it.</summary>
    public int SourceId { get; set; }

    /// <summary>A number of its own, which the search knows it by.</summary>
    public long Number { get; set; }

    public string Name { get; set; } = "";

    public string Email { get; set; } = "";

    public string Phone { get; set; } = "";

    public string Company { get; set; } = "";

    /// <summary>All traits as a JSON object.</summary>
    public string Traits { get; set; } = "{}";

    /// <summary>Of a person: id, name, e-mail, phone, company and the other short traits, folded, for the search.</summary>
    public string Search { get; set; } = "";

    /// <summary>Time of the latest call that said something.</summary>
    public DateTime UpdatedUtc { get; set; }

    /// <summary>When each trait was said that was not said then, see <see cref="TraitTimes"/>; empty where all were.</summary>
    public string Times { get; set; } = "";

    public bool IsAccount => Key.StartsWith(AccountPrefix, StringComparison.Ordinal);

    public bool IsUser => Key.StartsWith("user:", StringComparison.Ordinal);

    /// <summary>The value of a trait as filters compare it; null where there is none, or no simple one.</summary>
    public string? Trait(string name)
    {
        if (TraitReading.Simple(Traits, name) is { Length: > 0 } text) return text;
        // A group call says the company without its being a trait of the person.
        return name == "company" && Company.Length > 0 ? Company : null;
    }

    /// <summary>Whether it says more than whose it is.</summary>
    public bool SaysAnything => Traits != "{}" || Company.Length > 0;

    /// <summary>Whether it has one of these traits.</summary>
    public bool HasAny(IReadOnlyList<string> names) =>
        names.Any(n => Traits.Contains($"\"{n}\":", StringComparison.Ordinal)) && names.Any(JsonNode.Parse(Traits)!.AsObject().ContainsKey);

    /// <summary>Takes over what a call says. The latest call wins trait by trait, whatever the order in which calls arrive; a trait set to null is removed.</summary>
    public void Learn(JsonObject traits, string company, DateTime atUtc)
    {
        var known = JsonNode.Parse(Traits)!.AsObject();
        var times = new TraitTimes(Times, UpdatedUtc, known, Company);
        foreach (var (name, value) in traits.ToList())
        {
            if (!times.Takes(name, atUtc, removes: value is null)) continue;
            if (value is null) known.Remove(name);
            else known[name] = value.DeepClone();
        }

        Traits = known.ToJsonString(TraitReading.Json);
        Name = TraitReading.Name(known);
        Email = TraitReading.Text(known, "email");
        Phone = TraitReading.Text(known, "phone");
        var named = company.Length > 0 ? company : traits.ContainsKey("company") ? TraitReading.Company(known) : "";
        var isTaken = named.Length > 0 || (traits.TryGetPropertyValue("company", out var said) && said is null);
        if (isTaken && times.Takes(TraitTimes.Company, atUtc)) Company = named;
        UpdatedUtc = times.LatestUtc;
        Times = times.ToString();
        Search = IsAccount ? "" : Searched(known);
    }

    /// <summary>When the latest of some traits that it has was said.</summary>
    public DateTime SaidUtc(IReadOnlyList<string> names)
    {
        if (Times.Length == 0) return UpdatedUtc;
        var known = JsonNode.Parse(Traits)!.AsObject();
        var times = new TraitTimes(Times, UpdatedUtc, known, Company);
        var said = names.Where(known.ContainsKey).Select(times.Of);
        if (Company.Length > 0 && names.Contains("company")) said = said.Append(times.Of(TraitTimes.Company));
        return said.DefaultIfEmpty(UpdatedUtc).Max();
    }

    /// <summary>What the search finds it by for a reader who may not see everything.</summary>
    public string Searched(Masking masking)
    {
        var seen = new JsonObject(JsonNode.Parse(Traits)!.AsObject().Where(t => !masking.HidesField(t.Key)).Select(t => KeyValuePair.Create(t.Key, masking.Node(t.Value))));
        var text = new StringBuilder(masking.Text($"{Key[(Key.IndexOf(':', StringComparison.Ordinal) + 1)..]} {TraitReading.Name(seen)} {Company}"));
        foreach (var (_, value) in seen)
            if (value?.GetValueKind() is JsonValueKind.String or JsonValueKind.Number) text.Append(' ').Append(value);
        return FoldedText.Of(text.ToString());
    }

    private string Searched(JsonObject traits)
    {
        var text = new StringBuilder($"{Key[(Key.IndexOf(':', StringComparison.Ordinal) + 1)..]} {Name} {Email} {Phone} {Company}");
        // A number is searched as people write it, and without its blanks and strokes.
        if (Phone.Length > 0) text.Append(' ').Append(TraitReading.Digits(Phone));
        foreach (var (name, value) in traits)
        {
            if (name is "name" or "email" or "phone" or "company" || value?.GetValueKind() is not (JsonValueKind.String or JsonValueKind.Number)) continue;
            var said = value.ToString();
            if (said.Length > LongestSearched || text.Length + said.Length > MostSearched || Name.Contains(said, StringComparison.Ordinal)) continue;
            text.Append(' ').Append(said);
        }

        return FoldedText.Of(text.ToString());
    }
}

/// <summary>
/// When each trait was said. Most records say all their traits at once, so only others are kept: those that were said before the latest call, and those
/// that were removed, which an older call must not bring back.
/// </summary>
internal sealed class TraitTimes
{
    /// <summary>Stands for the company that a group call says; no trait has this name.</summary>
    public const string Company = "";

    private readonly Dictionary<string, long> _ticks;
    private readonly JsonObject _known;
    private bool _hasCompany;
    private long _latest;

    /// <param name="kept">As <see cref="ToString"/> wrote it.</param>
    /// <param name="latestUtc">When all others were said.</param>
    /// <param name="known">The traits, as they are while a call is read.</param>
    /// <param name="company">The company known till now.</param>
    public TraitTimes(string kept, DateTime latestUtc, JsonObject known, string company)
    {
        _ticks = kept.Length == 0 ? new(StringComparer.Ordinal) : JsonSerializer.Deserialize<Dictionary<string, long>>(kept)!;
        (_known, _hasCompany, _latest) = (known, company.Length > 0, latestUtc.Ticks);
    }

    public DateTime LatestUtc => new(_latest, DateTimeKind.Utc);

    /// <summary>Notes that a trait was said at a time; false where it was said later.</summary>
    public bool Takes(string name, DateTime atUtc, bool removes = false)
    {
        var at = atUtc.Ticks;
        if (_ticks.TryGetValue(name, out var own) ? at < own : at < _latest && IsKnown(name)) return false;
        if (at > _latest) Advance(at);
        if (removes || at < _latest) _ticks[name] = at;
        else _ticks.Remove(name);
        if (name == Company) _hasCompany = true;
        return true;
    }

    public DateTime Of(string name) => new(_ticks.GetValueOrDefault(name, _latest), DateTimeKind.Utc);

    public override string ToString() => _ticks.Count == 0 ? "" : JsonSerializer.Serialize(_ticks, TraitReading.Json);

    /// <summary>What is known already was said with the latest call till now.</summary>
    private void Advance(long to)
    {
        if (_latest > 0)
        {
            foreach (var (name, _) in _known) _ticks.TryAdd(name, _latest);
            if (_hasCompany) _ticks.TryAdd(Company, _latest);
        }

        _latest = to;
    }

    private bool IsKnown(string name) => name == Company ? _hasCompany : _known.ContainsKey(name);
}

internal sealed class ProfileConfiguration : IEntityTypeConfiguration<Profile>
{
    public void Configure(EntityTypeBuilder<Profile> builder)
    {
        builder.ToTable("profiles");
        builder.HasKey(p => p.Number);
        builder.Property(p => p.Number).ValueGeneratedNever();
        builder.HasIndex(p => new { p.Key, p.SourceId }).IsUnique();
        builder.Ignore(p => p.IsAccount).Ignore(p => p.IsUser);
    }
}
