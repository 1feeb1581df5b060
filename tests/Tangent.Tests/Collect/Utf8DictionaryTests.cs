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
}
