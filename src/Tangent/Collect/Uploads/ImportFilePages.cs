using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Primitives;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Collect;

/// <summary>What the form of a file says, in the address or in its body.</summary>
internal sealed record Ordered(ImportOrder Order, string EventName, int? DryRun, string? Twice)
{
    /// <summary>Fields of feedback that a file often does not say, since all its rows are alike.</summary>
    public static readonly string[] SameOfAll = [.. new[] { ImportField.Metric, ImportField.Touchpoint, ImportField.Scale }.Select(ImportMapping.NameOf)];

    /// <summary>Columns and fields come in pairs, in the order of the file. Once there are any, what is not chosen is meant to be without column.</summary>
    public static Ordered Of(IEnumerable<KeyValuePair<string, StringValues>> values)
    {
        var fields = values.ToDictionary(v => v.Key, v => v.Value, StringComparer.Ordinal);
        string One(string name) => fields.GetValueOrDefault(name, "").ToString();
        List<string> map = [.. fields.GetValueOrDefault("map").OfType<string>()];
        // The fields are those of the kind which the form was shown for.
        var kind = ImportKinds.Find(One("shownKind")) ?? ImportKind.Events;
        string? twice = null;
        var chosen = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (column, field) in fields.GetValueOrDefault("column").OfType<string>().Zip(fields.GetValueOrDefault("field").Select(f => f ?? "")))
        {
            if (field == "-") chosen["-" + column] = column;
            else if (field.Length == 0 && kind != ImportKind.Events) chosen["+" + column] = column;
            else if (ImportMapping.FieldOf(field, kind) is { } known && !chosen.TryAdd(field, column)) twice = T("Collect.Imports.Twice", T("Collect.Imports.Field." + known));
        }

        var name = One("eventName").Trim();
        if (fields.ContainsKey("column"))
        {
            if (name.Length > 0) chosen["event"] = "=" + name;
            foreach (var same in kind == ImportKind.Feedback ? SameOfAll : [])
                if (One("same-" + same).Trim() is { Length: > 0 } said) chosen[same] = "=" + said;
            foreach (var field in ImportKinds.Fields(kind).Select(ImportMapping.NameOf)) chosen.TryAdd(field, "");
            map = [.. chosen.Select(c => $"{c.Key}={c.Value}")];
        }

        // What was chosen for the columns of another kind says nothing of this one.
        if (ImportKinds.Find(One("kind")) is { } wanted && wanted != kind) map = [];
        var order = new ImportOrder(One("source"), One("format"), One("lifecycle"), map, fields.ContainsKey("dryRun"), One("kind"), One("preset"), One("dates"));
        return new Ordered(order, name, int.TryParse(One("import"), out var import) ? import : null, twice);
    }

    /// <summary>The same as part of an address, so that the page shows what was chosen beside the dry run's report.</summary>
    public string Query(int dryRun)
    {
        var query = new QueryBuilder { { "import", $"{dryRun}" } };
        foreach (var (name, value) in new[] { ("source", Order.Source), ("format", Order.Format), ("lifecycle", Order.Lifecycle), ("eventName", EventName), ("kind", Order.Kind), ("shownKind", Order.Kind), ("preset", Order.Preset), ("dates", Order.Dates) })
            if (!string.IsNullOrEmpty(value)) query.Add(name, value);
        foreach (var setting in Order.Map ?? []) query.Add("map", setting);
        return query.ToString();
    }
}

/// <summary>Puts together what the page of a file shows.</summary>
internal sealed class ImportFilePages(FilePreviews previews, ImportPages imports, SourceQueries sources)
{
    public async Task<IResult> ShowAsync(HttpContext http, Upload upload, Ordered ordered, string? problem, CancellationToken ct)
    {
        var request = UploadsEndpoints.Request(upload, ordered.Order);
        problem ??= ImportsEndpoints.KindProblem(ordered.Order.Kind, ordered.Order.Preset)?.Detail ?? UploadsEndpoints.Check(request, out _)?.Detail;
        UploadsEndpoints.Check(request, out var mapping);
        var preview = await previews.OfAsync(upload, request, mapping, ct);
        var report = ordered.DryRun is { } import && await imports.ReportAsync(import, ct) is { DryRun: true } found && found.FileName == upload.FileName ? found : null;
        var model = new ImportFileModel(
            preview, string.IsNullOrWhiteSpace(request.Source) && preview.Preset is { } program ? program : request.SourceName(), ordered.Order.Format ?? "", ordered.Order.Lifecycle ?? "", ordered.EventName, report, [.. (await sources.ListAsync(ct)).Select(s => s.Name)], problem, ordered.Order.Kind ?? "", ordered.Order.Preset ?? "", ordered.Order.Dates ?? "");
        return http.Show<ImportFilePage>(model, problem is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }
}
