using System.Security.Cryptography;
using System.Text;
using Tangent.Collect;
using Tangent.Unify;

namespace Tangent.Analyse;

/// <summary>Which variant is meant: its touchpoints, or their fingerprint, which keeps the address of a variant of hundreds of steps short.</summary>
internal sealed record VariantKey(IReadOnlyList<string> Steps, string? Fingerprint);

/// <summary>A question for variants as the query of an address, both ways.</summary>
internal static class VariantsAddress
{
    public const int MostVariants = 10_000;
    private const int UsualTop = 200;
    private const int MostSteps = 1000;

    public static Asked<VariantsQuestion> Read(IQueryCollection query, int usualTop = UsualTop)
    {
        var reader = new QueryReader(query);
        return reader.Give(Read(reader, usualTop));
    }

    public static Asked<Behind<VariantsQuestion, VariantKey>> ReadBehind(IQueryCollection query)
    {
        var reader = new QueryReader(query);
        var steps = reader.Texts("step", MostSteps);
        var key = new VariantKey(steps, steps.Count == 0 ? reader.Needed("variant") : null);
        return reader.Give(new Behind<VariantsQuestion, VariantKey>(Read(reader, UsualTop), key, reader.Page()));
    }

    public static Address Of(VariantsQuestion question) =>
        new Address("/analyse/variants").With("collapse", question.Collapse).With("top", question.Top).With("by", question.ByStage ? "stage" : null).With(question.Filter);

    public static Address Behind(VariantsQuestion question, IReadOnlyList<string> steps) => Of(question).Customers().With("variant", Fingerprint(steps));

    /// <summary>64 bits of the steps' SHA-256, as 16 hexadecimal digits.</summary>
    public static string Fingerprint(IReadOnlyList<string> steps) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\u001f', steps))).AsSpan(0, 8));

    private static VariantsQuestion Read(QueryReader reader, int usualTop) =>
        new(reader.Flag("collapse", false), reader.Number("top", usualTop, 1, MostVariants), reader.Filter()) { ByStage = reader.OneOf("by", "touchpoint", "stage") == "stage" };
}
