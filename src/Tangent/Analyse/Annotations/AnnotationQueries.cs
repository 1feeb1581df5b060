using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Tangent.Data;
using Tangent.Map;
using Tangent.Web;

namespace Tangent.Analyse;

internal sealed class AnnotationQueries(TangentDb db, ChartMarks marks) : IKeepsPersonalData, IFollowMerges
{
    public string Kind => "annotations";

    public IReadOnlyList<Type> Entities => [typeof(Annotation)];

    /// <summary>All of them, the latest first.</summary>
    public Task<List<Annotation>> ListAsync(CancellationToken ct) =>
        db.Set<Annotation>().AsNoTracking().OrderByDescending(a => a.Day).ThenByDescending(a => a.Id).ToListAsync(ct);

    public async Task AddAsync(Annotation annotation, CancellationToken ct)
    {
        db.Add(annotation);
        await db.SaveChangesAsync(ct);
        await MarkAsync(ct);
    }

    /// <returns>False where there is none of this number.</returns>
    public async Task<bool> RemoveAsync(int id, CancellationToken ct)
    {
        var removed = await db.Set<Annotation>().Where(a => a.Id == id).ExecuteDeleteAsync(ct) > 0;
        await MarkAsync(ct);
        return removed;
    }

    public async IAsyncEnumerable<JsonNode> ExportAsync(DataSubject subject, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var annotation in (await ListAsync(ct)).Where(a => subject.AreNamedInProse(a.Words)))
            yield return new JsonObject { ["day"] = annotation.Day.ToString("O", CultureInfo.InvariantCulture), ["text"] = annotation.Words };
    }

    /// <summary>Takes the person out of what is said of a day; that something changed stays.</summary>
    public async Task EraseAsync(DataSubject subject, CancellationToken ct)
    {
        var naming = (await db.Set<Annotation>().ToListAsync(ct)).FindAll(a => subject.AreNamedInProse(a.Text) || subject.AreNamedInProse(a.Touchpoint));
        if (naming.Count == 0) return;
        foreach (var annotation in naming) (annotation.Text, annotation.Touchpoint) = (subject.WithoutNames(annotation.Text), subject.WithoutNames(annotation.Touchpoint));
        await SecureDelete.RunAsync(db, () => db.SaveChangesAsync(ct), ct);
        await MarkAsync(ct);
    }

    public async Task<string?> FollowAsync(TouchpointMerge merge, CancellationToken ct)
    {
        var (from, into) = (merge.From.Name, merge.Into.Name);
        await db.Set<Annotation>().Where(a => a.Touchpoint == from).ExecuteUpdateAsync(a => a.SetProperty(x => x.Touchpoint, into), ct);
        return null;
    }

    public Task RefreshAsync(CancellationToken ct) => MarkAsync(ct);

    /// <summary>Gives the charts what is kept.</summary>
    public Task MarkAsync(CancellationToken ct) => marks.ReplaceAsync(async () => [.. (await ListAsync(ct)).Select(a => new ChartMark(a.Day, a.Words)).Reverse()], ct);
}

/// <summary>Marks the charts with what was kept before the start.</summary>
internal sealed class AnnotationsAtStart(IServiceScopeFactory scopes) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<AnnotationQueries>().MarkAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
