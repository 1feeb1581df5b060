using Tangent.Collect;
using Tangent.Map;

namespace Tangent.Tests.Collect;

public sealed class TouchpointSuggestionTests
{
    private static readonly Touchpoint[] Catalogue =
    [
        new() { Id = 1, Name = "Order", Channel = "web" },
        new() { Id = 2, Name = "Hotline call", Channel = "phone" },
        new() { Id = 3, Name = "Newsletter", Channel = "email" },
        new() { Id = 4, Name = "Newsletter", Channel = "web" },
        new() { Id = 5, Name = "Fax", RetiredUtc = DateTime.UtcNow },
    ];

    [Theory]
    [InlineData("order_completed", "web", 1)]
    [InlineData("OrderCompleted", "", 1)]
    [InlineData("hotline-call", "phone", 2)]
    [InlineData("newsletters", "email", 3)]
    [InlineData("newsletters", "web", 4)]
    public void The_words_of_a_name_find_its_touchpoint(string name, string channel, int expected) =>
        new TouchpointSuggestion(Catalogue).For(name, channel)!.Id.ShouldBe(expected);

    [Theory]
    [InlineData("fax")]
    [InlineData("warranty")]
    [InlineData("call me back later please")]
    [InlineData("***")]
    public void Nothing_is_suggested_where_little_is_in_common(string name) => new TouchpointSuggestion(Catalogue).For(name, "").ShouldBeNull();

    [Theory]
    [InlineData("order_completed", "Order completed")]
    [InlineData("OrderCompleted", "Order completed")]
    [InlineData("Confirmation of receipt", "Confirmation of receipt")]
    [InlineData("***", "***")]
    public void A_new_touchpoint_gets_a_readable_name(string name, string expected) => TouchpointSuggestion.Name(name).ShouldBe(expected);
}
