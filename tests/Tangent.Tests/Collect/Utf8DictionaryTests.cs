using System.Text;
using Tangent.Collect;

namespace Tangent.Tests.Collect;

public sealed class Utf8DictionaryTests
{
    [Fact]
    public void Codes_are_dense_stable_and_survive_writing()
    {
        var random = new Random(11);
        var texts = Enumerable.Range(0, 5000).Select(i => new string((char)('a' + random.Next(26)), random.Next(40)) + (i % 2500)).ToList();
        var expected = new Dictionary<string, int>(StringComparer.Ordinal);
        var dictionary = new Utf8Dictionary();
        foreach (var text in texts.Prepend(""))
        {
            expected.TryAdd(text, expected.Count);
            dictionary.GetOrAdd(Encoding.UTF8.GetBytes(text)).ShouldBe(expected[text]);
        }

        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true)) dictionary.Write(writer);
        stream.Position = 0;
        using var reader = new BinaryReader(stream);
        var copy = Utf8Dictionary.Read(reader);
        copy.Count.ShouldBe(expected.Count);
        foreach (var (text, code) in expected)
        {
            copy.Text(code).ShouldBe(text);
            copy.Find(Encoding.UTF8.GetBytes(text)).ShouldBe(code);
        }

        copy.Find("not there"u8).ShouldBe(-1);
        copy.GetOrAdd("not there"u8).ShouldBe(expected.Count);
    }

    [Fact]
    public void A_text_that_is_rewritten_keeps_its_code_and_is_found_by_what_it_is_now()
    {
        var dictionary = new Utf8Dictionary();
        string[] texts = [.. Enumerable.Range(0, 100).Select(i => $"Call with person{i}@example.org"), "", "Visit"];
        foreach (var text in texts) dictionary.GetOrAdd(Encoding.UTF8.GetBytes(text));

        dictionary.Rewrite(t => t.Replace("person7@example.org", "…", StringComparison.Ordinal)).ShouldBe([7]);
        dictionary.Rewrite(t => t).ShouldBeEmpty();
        using var file = new MemoryStream();
        using (var writer = new BinaryWriter(file, Encoding.UTF8, leaveOpen: true)) dictionary.Write(writer);
        file.Position = 0;
        using var reader = new BinaryReader(file);
        foreach (var one in (Utf8Dictionary[])[dictionary, Utf8Dictionary.Read(reader)])
        {
            for (var code = 0; code < texts.Length; code++)
                if (code != 7) (one.Text(code), one.Find(Encoding.UTF8.GetBytes(texts[code]))).ShouldBe((texts[code], code));
            (one.Text(7), one.Find("Call with …"u8), one.Find("Call with person7@example.org"u8)).ShouldBe(("Call with …", 7, -1));
            one.GetOrAdd("Call with …"u8).ShouldBe(7);
        }

        dictionary.Rewrite(t => t.StartsWith("Call", StringComparison.Ordinal) ? "Call" : t).Count.ShouldBe(100);
        (dictionary.Find("Call"u8), dictionary.Text(99), dictionary.Find("Visit"u8), dictionary.GetOrAdd("New"u8)).ShouldBe((0, "Call", 101, 102));
    }
}
