using System.Text;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Map;

namespace Tangent.Unify;

/// <summary>Whom the demo company thinks of: two personas of segments and one of a role in the buying committee.</summary>
internal sealed class PersonaDemo(SegmentQueries segments, PersonaCatalogue personas, PersonaBook book)
{
    private static readonly (string Name, string Condition)[] Segments = [("Online buyers", "did: Online order"), ("Workshop customers", "did: Bike drop-off")];

    private static readonly (PersonaEntry Entry, string Ground, string Coat)[] People =
    [
        (new("Anna, commutes by bicycle", "34, works in an office, seven kilometres each way, in every weather.", ["To be at work on time", "To leave the car at home"], ["A bicycle that fits, without a second visit", "An answer before the weekend"],
            ["Waiting for an answer", "Frame sizes that mean something else at every maker"], "I know what I want. I only want to know whether it fits.", "Online buyers", null), "#dbeafe", "#1d4ed8"),
        (new("Marek, keeps his bicycle running", "52, has had the same bicycle for eight years and wants to keep it for eight more.", ["A bicycle that works on Monday morning"], ["To know when it is ready", "A price before anybody begins"],
            ["Calling to ask how far they are", "Invoices with rows that nobody explains"], "Just call me when it is ready.", "Workshop customers", null), "#dcfce7", "#15803d"),
        (new("Frau Berger, decides for a fleet", "47, head of facilities, signs for forty bicycles.", ["Satisfied colleagues", "A contract without surprises"], ["One contact person", "Figures that she can show to the board"],
            ["A new contact person every month"], "I sign when the works council has nothing to say against it.", "", BuyingRole.Decider), "#fef3c7", "#b45309"),
    ];

    public async Task AddAsync(CancellationToken ct)
    {
        foreach (var (name, condition) in Segments) await segments.SaveAsync(new Segment { Name = name, Conditions = condition, By = DemoCatalogue.Company, ChangedUtc = DateTime.UtcNow }, "", [], ct);
        var by = new Actor(ActorKind.Local, "", DemoCatalogue.Company);
        if ((await book.TakeAsync([.. People.Select(p => p.Entry)], false, by, ct)).Refusal is { } refusal) throw new InvalidOperationException($"The personas of the demo: {refusal.Detail}");
        foreach (var (entry, ground, coat) in People)
        {
            using var picture = new MemoryStream(Encoding.UTF8.GetBytes(Picture(ground, coat)));
            if (await book.KeepPictureAsync(personas.Named(entry.Name)!.Id, picture, ct) is { } problem) throw new InvalidOperationException($"The picture of {entry.Name}: {problem}");
        }
    }

    /// <summary>A head and shoulders, nobody's.</summary>
    private static string Picture(string ground, string coat) => $"""
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 72 72"><rect width="72" height="72" fill="{ground}"/><circle cx="36" cy="28" r="13" fill="{coat}"/><path d="M10 72c0-18 11-27 26-27s26 9 26 27z" fill="{coat}"/></svg>
        """;
}
