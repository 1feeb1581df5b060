using System.Text;
using Tangent.Collect;

namespace Tangent.Tests.Collect;

/// <summary>Rows of records and the memory that they take.</summary>
public sealed class RecordLinesTests
{
    private static readonly IngestionOptions Limits = new();

    [Theory]
    [InlineData("anna", false)]
    [InlineData("", true)]
    public void Only_an_activity_whose_person_may_come_in_another_file_is_remembered(string person, bool isRemembered)
    {
        var activities = new KnownActivities();
        using var lines = new RecordLines(1, null, Limits, activities, _ => null);
        var row = Row(ImportKind.Activities, (ImportField.RecordId, "a1"), (ImportField.Time, "2026-01-02T10:00:00.000Z"), (ImportField.Customer, person));
        lines.Identify(row).ShouldNotBeNull(row.Detail);
        lines.Write(row, 1, changed: false);
        (activities.Find("a1") is not null).ShouldBe(isRemembered);
    }

    [Fact]
    public void An_order_of_too_many_rows_is_refused_while_it_is_read()
    {
        var order = Row(ImportKind.Orders, (ImportField.RecordId, "1"));
        var further = Row(ImportKind.Orders, (ImportField.RecordId, "1"), (ImportField.Product, new string('x', 10_000)));
        var rows = 0;
        for (; order.Reason == Rejection.None && rows < 1000; rows++) order.Continue(further, addsUp: false);
        order.Reason.ShouldBe(Rejection.EventTooLarge);
        rows.ShouldBe(53);
        order.Continue(further, addsUp: false);
        order.Further.Count.ShouldBe(52);
    }

    private static RecordRow Row(ImportKind kind, params (ImportField Field, string Value)[] values)
    {
        var row = new RecordRow(kind, "DE", Limits);
        row.Begin();
        foreach (var (field, value) in values) row.Set(field, Encoding.UTF8.GetBytes(value));
        row.End();
        return row;
    }
}
