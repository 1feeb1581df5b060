using System.Globalization;
using static Tangent.Web.Texts;

namespace Tangent.Map;

/// <summary>
/// Lays a map out on pages: some steps side by side, below them touchpoint, emotion and the lanes. Where a page is full, the lane goes on upon the next one
/// under the same steps; then come the next steps. The same layout is drawn as a picture and as a print.
/// </summary>
internal sealed class MapSheet : IDisposable
{
    private const double Pad = 5, EmotionHeight = 64, HighestPhoto = 72;

    private readonly SheetMap _map;
    private readonly SheetFormat _format;
    private readonly SheetWords _words = new();
    private readonly List<(List<SheetShape> Shapes, double Bottom)> _pages = [];
    private List<SheetShape> _shapes = [];
    private List<MapStep?> _steps = [];
    private double _column, _y;

    // Where the rows below the steps begin: a page that holds nothing yet is not turned.
    private double _firstRow;

    private MapSheet(SheetMap map, SheetFormat format) => (_map, _format) = (map, format);

    /// <summary>Text and colour of some lines, one below the other.</summary>
    private sealed record Block(IReadOnlyList<(string Text, bool Bold, double Size, string Fill)> Lines, string? Edge)
    {
        /// <summary>A picture above the lines, and how large it is drawn.</summary>
        public (Photo Photo, double Width, double Height)? Photo { get; init; }

        public double Height => Lines.Sum(l => l.Size * 1.3) + (Edge is null ? 0 : 2 * Pad) + (Photo is { } photo ? photo.Height + Pad : 0);
    }

    public static IReadOnlyList<SheetPage> Of(SheetMap map, SheetFormat format)
    {
        using var sheet = new MapSheet(map, format);
        return sheet.Pages();
    }

    public void Dispose() => _words.Dispose();

    private double Bottom => (_format.Height ?? double.PositiveInfinity) - SheetFormat.Margin;

    private double Left => SheetFormat.Margin + _format.LaneWidth;

    private double Right => Left + _column * _steps.Count;

    private IReadOnlyList<SheetPage> Pages()
    {
        var columns = _map.Content.Stages.SelectMany(s => _map.Content.StepsOf(s).Cast<MapStep?>().DefaultIfEmpty()).ToList();
        foreach (var steps in columns.Count == 0 ? [[]] : columns.Chunk(_format.StepsOnAPage))
        {
            _steps = [.. steps];
            _column = (_format.Width - 2 * SheetFormat.Margin - _format.LaneWidth) / Math.Max(_steps.Count, Math.Min(columns.Count, _format.StepsOnAPage));
            Begin();
            Band(T("Map.Journey.Touchpoint"), [.. _steps.Select(s => s is not null && _map.Touchpoint(s) is { Length: > 0 } name ? [Plain(name, _format.Size, false, SheetInk.Brand)] : new List<Block>())]);
            Emotions(columns);
            foreach (var lane in _map.Content.Lanes)
                Band(lane.Kind == LaneKind.Free ? lane.Name : T("Map.Lane." + lane.Kind), [.. _steps.Select(s => s is null ? [] : _map.Content.CardsAt(s, lane).Select(Card).ToList())]);
            End();
        }

        return [.. _pages.Select((page, i) => new SheetPage(_format.Width, _format.Height ?? page.Bottom + SheetFormat.Margin, [.. page.Shapes, .. Number(i + 1)]))];
    }

    /// <summary>A new page with its title and the names of its stages and steps.</summary>
    private void Begin()
    {
        (_shapes, _y, _firstRow) = ([], SheetFormat.Margin, double.PositiveInfinity);
        var (size, width) = (_format.Size, _format.Width - 2 * SheetFormat.Margin);
        Write(SheetFormat.Margin, Plain($"{_map.Name} · {_map.State}", size * 1.7, true, SheetInk.Text, width - 60));
        var about = string.Join(" · ", new[] { _map.Content.Persona, _map.Content.Description }.Where(t => t.Length > 0));
        if (about.Length > 0 && _pages.Count == 0) Write(SheetFormat.Margin, Plain(about, size, false, SheetInk.Quiet, width));
        _y += Pad;
        Stages();
        Band(T("Map.Journey.Step"), [.. _steps.Select(s => s is null ? [] : new List<Block> { Head(s) })]);
        _firstRow = _y;
    }

    private void End() => _pages.Add((_shapes, _y));

    private void Stages()
    {
        var of = _map.Content.Stages.ToDictionary(s => s.Id, StringComparer.Ordinal);
        List<(string Name, int From, int Count)> spans = [];
        for (var i = 0; i < _steps.Count; i++)
        {
            // A column without a step is that of a stage without steps.
            var name = _steps[i] is { } step ? of[step.Stage].Name : "";
            if (spans.Count > 0 && i > 0 && _steps[i] is { } here && _steps[i - 1]?.Stage == here.Stage) spans[^1] = spans[^1] with { Count = spans[^1].Count + 1 };
            else spans.Add((name, i, 1));
        }

        var blocks = spans.ConvertAll(s => Plain(s.Name, _format.Size, true, SheetInk.Text, s.Count * _column - 2 * Pad));
        var height = blocks.Select(b => b.Height).DefaultIfEmpty(0).Max() + 2 * Pad;
        foreach (var (span, block) in spans.Zip(blocks))
        {
            _shapes.Add(new SheetBox(Left + span.From * _column, _y, span.Count * _column, height, SheetInk.Stage, SheetInk.Line));
            Draw(block, Left + span.From * _column + Pad, _y + Pad);
        }

        _y += height;
    }

    /// <summary>A row of the table; what does not fit goes on upon the next page.</summary>
    private void Band(string name, List<List<Block>> cells)
    {
        var label = Plain(name, _format.Size, true, SheetInk.Quiet, _format.LaneWidth - 2 * Pad);
        var waiting = cells.ConvertAll(c => new Queue<Block>(c));
        do
        {
            var needed = Math.Max(label.Height, waiting.Select(c => c.Count == 0 ? 0 : c.Peek().Height).DefaultIfEmpty(0).Max()) + 2 * Pad;
            if (_y + needed > Bottom && _y > _firstRow) Turn();
            var (top, height) = (_y, label.Height);
            Draw(label, SheetFormat.Margin + Pad, top + Pad);
            for (var i = 0; i < waiting.Count; i++)
            {
                var used = 0.0;
                while (waiting[i].Count > 0 && (used == 0 || top + 2 * Pad + used + waiting[i].Peek().Height <= Bottom))
                {
                    var block = waiting[i].Dequeue();
                    Draw(block, Left + i * _column + Pad, top + Pad + used);
                    used += block.Height + (block.Edge is null ? 0 : 3);
                }

                height = Math.Max(height, used);
            }

            _y = top + height + 2 * Pad;
            Rules(top);
        }
        while (waiting.Any(c => c.Count > 0));
    }

    private void Turn()
    {
        End();
        Begin();
    }

    private void Rules(double top)
    {
        _shapes.Add(new SheetLine([(SheetFormat.Margin, _y), (Right, _y)], SheetInk.Line, 0.75));
        for (var i = 0; i <= _steps.Count; i++) _shapes.Add(new SheetLine([(Left + i * _column, top), (Left + i * _column, _y)], SheetInk.Line, 0.75));
    }

    /// <summary>The curves go on to the columns before and after, on whatever page they are.</summary>
    private void Emotions(List<MapStep?> columns)
    {
        var words = _steps.ConvertAll(s => s is not null && _map.Measured.TryGetValue(s.Id, out var score) ? Words(score) : null);
        // Below the curves, where they lie on no mark.
        var below = words.Max(w => w?.Height + Pad) ?? 0;
        if (_y + EmotionHeight + below > Bottom) Turn();
        var top = _y;
        double Height(double felt) => top + EmotionHeight / 2 - felt * (EmotionHeight / 2 - 12) / 2;
        var from = _steps.Count == 0 ? 0 : columns.FindIndex(c => ReferenceEquals(c, _steps[0]));
        _shapes.Add(new SheetLine([(Left, Height(0)), (Right, Height(0))], SheetInk.Line, 0.75, Dashed: true));
        Draw(Plain(T("Map.Journey.Emotion"), _format.Size, true, SheetInk.Quiet, _format.LaneWidth - 2 * Pad), SheetFormat.Margin + Pad, top + Pad);
        for (var i = 0; i < _steps.Count; i++)
        {
            if (_steps[i]?.Emotion is not { } here) continue;
            var x = Left + (i + 0.5) * _column;
            if (columns.ElementAtOrDefault(from + i - 1)?.Emotion is { } before) _shapes.Add(new SheetLine([(x - _column / 2, Height((here + before) / 2.0)), (x, Height(here))], SheetInk.Brand, 1.5));
            if (columns.ElementAtOrDefault(from + i + 1)?.Emotion is { } after) _shapes.Add(new SheetLine([(x, Height(here)), (x + _column / 2, Height((here + after) / 2.0))], SheetInk.Brand, 1.5));
        }

        Measured(columns, from, Height);
        for (var i = 0; i < _steps.Count; i++)
            if (_steps[i]?.Emotion is { } felt) Mark(Left + (i + 0.5) * _column, Height(felt), felt);
        for (var i = 0; i < _steps.Count; i++)
            if (words[i] is { } block) Draw(block, Left + i * _column + Pad, top + EmotionHeight);
        _y = top + EmotionHeight + below;
        Rules(top);
    }

    /// <summary>A score with its n, and its interval where there are enough answers.</summary>
    private Block Words(MeasuredEmotion score)
    {
        var (size, width) = (_format.Size * 0.85, _column - 2 * Pad);
        static string Signed(double value) => value.ToString("+0.0;−0.0;0", CultureInfo.CurrentCulture);
        string[] said = score.TooFew ? [$"{Signed(score.Value)} {T("Map.Picture.TooFew", score.N)}"] : [$"{Signed(score.Value)} {T("Map.Picture.N", score.N)}", $"{Signed(score.Low)} – {Signed(score.High)}"];
        return new Block([.. said.SelectMany(w => _words.Lines(w, width, size)).Select(l => (l, false, size, SheetInk.Good))], null);
    }

    /// <summary>The scores beside people's guess: a line with the intervals, and where there are too few answers a mark without one.</summary>
    private void Measured(List<MapStep?> columns, int from, Func<double, double> height)
    {
        if (_map.Measured.Count == 0) return;
        var (size, x0) = (_format.Size * 0.85, SheetFormat.Margin + Pad);
        void Key(double y, string ink, string words, bool dashed)
        {
            _shapes.Add(new SheetLine([(x0, y), (x0 + 14, y)], ink, 1.5, dashed));
            _shapes.Add(new SheetText(x0 + 17, y + size * 0.35, words, size, false, SheetInk.Quiet));
        }

        Key(height(0) + 2, SheetInk.Brand, T("Map.Picture.Guess"), false);
        Key(height(0) + 2 + size * 1.5, SheetInk.Good, T("Map.Picture.Measured"), true);
        var line = MeasuredLine.Of([.. columns.Select(c => c is not null && _map.Measured.TryGetValue(c.Id, out var m) ? m.Value : (double?)null)]);
        for (var i = 0; i < _steps.Count; i++)
        {
            var (x, at) = (Left + (i + 0.5) * _column, line[from + i]);
            List<(double, double)> points = [.. new[] { (x - _column / 2, at.Left), (x, at.Middle), (x + _column / 2, at.Right) }.Where(p => p.Item2 is not null).Select(p => (p.Item1, height(p.Item2!.Value)))];
            if (points.Count > 1) _shapes.Add(new SheetLine(points, SheetInk.Good, 1.5, Dashed: true));
            if (_steps[i] is not { } step || !_map.Measured.TryGetValue(step.Id, out var score)) continue;
            if (!score.TooFew) _shapes.Add(new SheetLine([(x, height(score.Low)), (x, height(score.High))], SheetInk.Good, 3));
        }
    }

    private void Mark(double x, double y, int felt)
    {
        var ink = felt switch { < 0 => SheetInk.Bad, > 0 => SheetInk.Good, _ => SheetInk.Brand };
        var (text, size) = (felt.ToString("+0;−0;0", CultureInfo.InvariantCulture), _format.Size);
        _shapes.Add(new SheetBox(x - size * 1.2, y - size * 0.8, size * 2.4, size * 1.6, "#ffffff", ink));
        _shapes.Add(new SheetText(x - _words.Width(text, size, true) / 2, y + size * 0.37, text, size, true, ink));
    }

    private Block Card(MapCard card)
    {
        // An assumption with a date was heard once, and its quotes have gone since: its words are still a customer's.
        var hidden = _map.HidesHeard && card.Evidence is ({ Kind: EvidenceKind.Heard } or { Kind: EvidenceKind.Assumed, Date: not null });
        var width = _column - 4 * Pad;
        var size = _format.Size;
        var age = card.Evidence.Age(_map.Today, _map.Limits);
        var ink = age switch { EvidenceAge.Old => SheetInk.Bad, EvidenceAge.Ageing => SheetInk.Unsure, _ => SheetInk.Quiet };
        var edge = card.Evidence.Kind switch { EvidenceKind.Heard => SheetInk.Brand, EvidenceKind.Measured => SheetInk.Good, _ => SheetInk.Assumed };
        return new Block(
            [.. _words.Lines(hidden ? T("Map.Picture.Hidden") : card.Text, width, size).Select(l => (l, false, size, hidden ? SheetInk.Quiet : SheetInk.Text)),
             .. _words.Lines(EvidenceWords.Of(card.Evidence, age), width, size * 0.85).Select(l => (l, false, size * 0.85, ink))], edge)
        { Photo = hidden ? null : PhotoOf(card, width) };
    }

    private (Photo, double, double)? PhotoOf(MapCard card, double width)
    {
        if (_map.Photos?.GetValueOrDefault(card.Id) is not { } photo) return null;
        var scale = Math.Min(width / photo.Width, HighestPhoto / photo.Height);
        return (photo, photo.Width * scale, photo.Height * scale);
    }

    /// <summary>The name of a step, and where it leads where it says so.</summary>
    private Block Head(MapStep step)
    {
        var (name, small) = (Plain(step.Name, _format.Size, true, SheetInk.Text), _format.Size * 0.85);
        return name with { Lines = [.. name.Lines, .. _map.Content.NextOf(step).SelectMany(n => Plain($"{(n.IsBack ? "↩" : "→")} {n.Step.Name}", small, false, SheetInk.Quiet).Lines)] };
    }

    private Block Plain(string text, double size, bool bold, string ink, double? width = null) =>
        new([.. _words.Lines(text, width ?? _column - 2 * Pad, size, bold).Select(l => (l, bold, size, ink))], null);

    private void Write(double x, Block block)
    {
        Draw(block, x, _y);
        _y += block.Height;
    }

    private void Draw(Block block, double x, double y)
    {
        if (block.Edge is { } edge)
        {
            _shapes.Add(new SheetBox(x, y, _column - 2 * Pad, block.Height, SheetInk.Card));
            _shapes.Add(new SheetBox(x, y, 2, block.Height, edge));
            (x, y) = (x + Pad + 1, y + Pad);
        }

        if (block.Photo is { } photo)
        {
            _shapes.Add(new SheetPhoto(x, y, photo.Width, photo.Height, photo.Photo));
            y += photo.Height + Pad;
        }

        foreach (var (text, bold, size, fill) in block.Lines)
        {
            _shapes.Add(new SheetText(x, y + size, text, size, bold, fill));
            y += size * 1.3;
        }
    }

    private IEnumerable<SheetShape> Number(int page)
    {
        if (_pages.Count == 1) yield break;
        var text = $"{page} / {_pages.Count}";
        yield return new SheetText(_format.Width - SheetFormat.Margin - _words.Width(text, _format.Size, false), SheetFormat.Margin + _format.Size, text, _format.Size, false, SheetInk.Quiet);
    }
}
