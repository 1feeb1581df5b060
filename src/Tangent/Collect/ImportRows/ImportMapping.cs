using static Tangent.Web.Texts;

namespace Tangent.Collect;

/// <summary>What a column of a file can stand for; every other column becomes a property of the event, or a trait. <see cref="ImportKinds"/> says which belong to which kind of file.</summary>
internal enum ImportField
{
    Customer,
    AnonymousId,
    Event,
    Time,
    Channel,
    Value,
    Currency,
    Path,
    Campaign,
    RecordId,
    CustomerNumber,
    Email,
    Phone,
    Name,
    FirstName,
    LastName,
    Title,
    Street,
    Postcode,
    City,
    Country,
    BirthDate,
    Company,
    CompanyId,
    ParentId,
    JobTitle,
    BuyingRole,
    Website,
    Industry,
    Subject,
    Closed,
    Status,
    Product,
    Owner,
    Deal,
    MergedIds,
    Updated,
    ContactPoint,
    Purpose,
    Topic,
    State,
    Wording,
    WordingVersion,
    Touchpoint,
    Metric,
    Score,
    Scale,
    Comment,
    Language,
    Survey,
    Question,
    Mobile,
}

/// <summary>Which column of a file stands for which field. A column may also be taken under another property name, left out, or replaced by a constant text.</summary>
/// <param name="Columns">By field name (<c>customer</c>, <c>event</c>, …) or property name: the column; <c>=TEXT</c> is the same text for every row; empty leaves the field without column. A name that begins with <c>-</c> leaves the column out, with <c>+</c> it takes it under that name even if a field is called so.</param>
/// <param name="Kind">What the file holds; decides which fields there are.</param>
internal sealed record ImportMapping(IReadOnlyDictionary<string, string> Columns, ImportKind Kind = ImportKind.Events)
{
    private static readonly (ImportField Field, string Name)[] Names =
        [.. Enum.GetValues<ImportField>().Select(f => (f, char.ToLowerInvariant(f.ToString()[0]) + f.ToString()[1..]))];

    public static ImportMapping Empty { get; } = new(new Dictionary<string, string>());

    public string? this[ImportField field] => Columns.TryGetValue(NameOf(field), out var column) && column.Length > 0 ? column : null;

    /// <summary>The field's name in commands and in the API.</summary>
    public static string NameOf(ImportField field) => Names[(int)field].Name;

    public ImportField? FieldOf(string name) => FieldOf(name, Kind);

    /// <summary>The field of this name that files of a kind have; null where they have none.</summary>
    public static ImportField? FieldOf(string name, ImportKind kind)
    {
        foreach (var field in ImportKinds.Fields(kind))
            if (string.Equals(NameOf(field), name, StringComparison.OrdinalIgnoreCase)) return field;
        return null;
    }

    /// <summary>What a column stands for: a field's name, <c>-</c> where it is left out, or empty where it becomes a property.</summary>
    public string FieldFor(string column)
    {
        foreach (var (name, taken) in Columns)
            if (taken == column && (name.StartsWith('-') || FieldOf(name) is not null)) return name.StartsWith('-') ? "-" : name;
        return "";
    }

    /// <summary>Reads <c>FIELD=COLUMN</c> settings.</summary>
    /// <returns>The mapping, or what is wrong with the first bad setting.</returns>
    public static (ImportMapping? Mapping, string? Error) Parse(IEnumerable<string> settings, ImportKind kind = ImportKind.Events)
    {
        var columns = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var setting in settings)
        {
            var equals = setting.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1) return (null, $"'{setting}' is no mapping. Write FIELD=COLUMN, for example customer=customer_id; fields are {string.Join(", ", ImportKinds.Fields(kind).Select(NameOf))}.");
            var name = setting[..equals].Trim();
            columns[FieldOf(name, kind) is { } field ? NameOf(field) : name] = setting[(equals + 1)..].Trim();
        }

        return (new ImportMapping(columns, kind), null);
    }

    /// <summary>This mapping, with the settings of <paramref name="other"/> where it has any.</summary>
    public ImportMapping With(ImportMapping other)
    {
        var columns = new Dictionary<string, string>(Columns, StringComparer.Ordinal);
        foreach (var (field, column) in other.Columns)
        {
            // A column stands for one thing: naming it anew takes it from what it stood for.
            foreach (var had in columns.Where(c => c.Value == column && !column.StartsWith('=')).Select(c => c.Key).ToList()) columns.Remove(had);
            columns[field] = column;
        }

        return new ImportMapping(columns, Kind);
    }

    /// <summary>The same settings for files of another kind.</summary>
    public ImportMapping As(ImportKind kind)
    {
        var columns = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, column) in Columns) columns[FieldOf(name, kind) is { } field ? NameOf(field) : name] = column;
        return new ImportMapping(columns, kind);
    }

    /// <summary>The settings whose columns the file has.</summary>
    public ImportMapping Fitting(IReadOnlyCollection<string> columns) =>
        new(Columns.Where(c => c.Value.Length == 0 || c.Value.StartsWith('=') || columns.Contains(c.Value)).ToDictionary(StringComparer.Ordinal), Kind);

    /// <summary>Whether the file has all columns of these settings.</summary>
    public bool IsOf(IReadOnlyCollection<string> columns) => Columns.Values.All(c => c.Length == 0 || c.StartsWith('=') || columns.Contains(c));

    /// <summary>What keeps this mapping from being used on a file with these columns; null where nothing does.</summary>
    public string? Problem(IReadOnlyCollection<string> columns)
    {
        foreach (var (field, column) in Columns)
            if (column.Length > 0 && !column.StartsWith('=') && !columns.Contains(column))
                return T("Collect.Imports.NoSuchColumn", column, field) + " " + Have(columns);
        if (Kind != ImportKind.Events) return ImportKinds.Missing(this) is { } missing ? Missing(missing, columns) : null;
        if (this[ImportField.Customer] is null && this[ImportField.AnonymousId] is null) return Missing(ImportField.Customer, columns);
        if (this[ImportField.Event] is null) return Missing(ImportField.Event, columns);
        return this[ImportField.Time] is null ? Missing(ImportField.Time, columns) : null;
    }

    private static string Missing(ImportField field, IReadOnlyCollection<string> columns) => string.Join(' ',
        T("Collect.Imports.NoColumn", NameOf(field)), field switch { ImportField.Event => T("Collect.Imports.NoColumn.Event"), ImportField.Metric => T("Collect.Imports.NoColumn.Metric"), _ => T("Collect.Imports.NoColumn.Other", NameOf(field)) }, Have(columns));

    private static string Have(IReadOnlyCollection<string> columns)
    {
        var names = string.Join(", ", columns.Where(c => c.Length > 0).Take(40));
        return columns.Count > 40 ? T("Collect.Imports.HasMoreColumns", names, columns.Count - 40) : T("Collect.Imports.HasColumns", names);
    }
}
