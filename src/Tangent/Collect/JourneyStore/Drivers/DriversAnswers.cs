using static Tangent.Web.Texts;

namespace Tangent.Collect;

internal sealed partial class JourneyStore
{
    /// <summary>More values than this are no kinds of a contact, but names or numbers of it.</summary>
    private const int MostValuesOfExperience = 200;

    public Asked<LivedRows> Ask(DriversQuestion question)
    {
        if (Prepare(question, out var scope, out var refusal) is not { } engine) return refusal!;
        var answer = engine.Ask(scope.View);
        if (question.Outcome == DriverOutcome.Churn)
            for (var i = 0; i < answer.Outcomes.Length; i++) answer.Outcomes[i] = 1 - answer.Outcomes[i];
        return new LivedRows(
            answer.CustomersSeen, answer.OneOf, answer.Open, [.. answer.Experiences.Select(e => Named(e, scope.Touchpoints))], answer.Customers, answer.AtMs, answer.Outcomes, answer.Starts, answer.Lived)
        { IsLoss = question.Outcome == DriverOutcome.Churn };
    }

    public Asked<CustomersAnswer> Behind(DriversQuestion question, DriversPick pick, Paging page)
    {
        if (Prepare(question, out var scope, out var refusal) is not { } engine) return refusal!;
        if (pick.Experience is null) return Page(scope, engine.Customers(scope.View, null, true), page);
        if (ExperienceOf(pick.Experience, scope.Touchpoints) is not { } experience) return new Refusal("experience", T("Collect.Refusal.Experience", pick.Experience));
        return Page(scope, engine.Customers(scope.View, experience, pick.Had), page);
    }

    private Engine.DriversQuestion? Prepare(DriversQuestion question, out Scope scope, out Refusal? refusal)
    {
        scope = default;
        var isScore = question.Outcome == DriverOutcome.Score;
        refusal = Outside(question.Window) ? new Refusal("window", T("Collect.Refusal.Window"))
            : !isScore && Outside(question.Within) ? new Refusal("within", T("Collect.Refusal.Window"))
            : !isScore && question.Goals.Count is 0 or > 20 ? new Refusal("goal", T("Collect.Refusal.DriverGoal")) : null;
        if (refusal is not null || ScopeOf(question.Filter, out refusal) is not { } found) return null;
        scope = found;
        var score = isScore ? ScoreOf(question.Score, ref refusal) : null;
        if (refusal is not null) return null;
        var goals = isScore ? [] : All("goal", question.Goals, found, ref refusal);
        var at = question.At ?? (isScore ? question.Answers : null);
        var events = at is null ? goals : All("at", [at], found, ref refusal);
        return refusal is not null ? null : new Engine.DriversQuestion
        {
            TouchpointOfSignature = found.OfSignature,
            Filter = found.Filter,
            At = events,
            Apart = score is null ? [] : [new Engine.EventRule(null, [new Engine.PropertyCondition(score.Column, Array.ConvertAll(score.OfCode, double.IsFinite))])],
            Score = score,
            Goals = goals,
            GoalMs = (long)question.Within.TotalMilliseconds,
            WindowMs = (long)question.Window.TotalMilliseconds,
            EndMs = EndOf(question.Filter, found),
            Columns = ColumnsOfExperience(question.Score),
        };
    }

    private static bool Outside(TimeSpan window) => window <= TimeSpan.Zero || window > TimeSpan.FromDays(3660);

    private Engine.ScoreColumn? ScoreOf(string property, ref Refusal? refusal)
    {
        var column = Column(property);
        if (column < 0)
        {
            refusal = new Refusal("score", T("Collect.Refusal.Score", property, string.Join(", ", feed.Journeys.Codes.Properties)));
            return null;
        }

        if (sensitivity.Now.HidesField(property))
        {
            refusal = new Refusal("score", T("Collect.Refusal.Hidden", property));
            return null;
        }

        lock (feed.Journeys.Gate)
        {
            var codes = feed.Journeys.Codes;
            var numbers = new double[codes.ValueCount(column)];
            for (var code = 0; code < numbers.Length; code++) numbers[code] = code > EventCodes.Absent && Number(codes.ValueText(column, code), out var number) ? number : double.NaN;
            return new Engine.ScoreColumn(column, numbers);
        }
    }

    /// <summary>Properties that tell one kind of contact from another; what an answer says is none.</summary>
    private List<Engine.ValueColumn> ColumnsOfExperience(string score)
    {
        var masking = sensitivity.Now;
        lock (feed.Journeys.Gate)
        {
            var codes = feed.Journeys.Codes;
            return [.. Enumerable.Range(0, codes.Properties.Count)
                .Where(c => !Is(codes.Properties[c], score) && !Is(codes.Properties[c], DriversQuestion.Metric) && !masking.HidesField(codes.Properties[c]) && codes.ValueCount(c) <= MostValuesOfExperience)
                .Select(c => new Engine.ValueColumn(c, EventCodes.Absent + 1, codes.ValueCount(c)))];
        }
    }

    private LivedExperience Named(Engine.Experience experience, TouchpointTable table)
    {
        string? property = null, value = null, usual = null;
        if (experience.Column >= 0)
        {
            lock (feed.Journeys.Gate)
            {
                property = feed.Journeys.Codes.Properties[experience.Column];
                value = feed.Journeys.Codes.ValueText(experience.Column, experience.Value);
                usual = feed.Journeys.Codes.ValueText(experience.Column, experience.Usual);
            }
        }

        var isLate = experience.Kind == Engine.ExperienceKind.Late;
        return new LivedExperience(
            KindName(experience.Kind), experience.Touchpoint == Engine.Code.None ? null : table.Name(experience.Touchpoint), property, value, usual,
            isLate ? table.Name(experience.Since) : null, isLate ? experience.BeyondMs / 1000.0 : null);
    }

    private static string KindName(Engine.ExperienceKind kind) => kind switch
    {
        Engine.ExperienceKind.Reached => "reached",
        Engine.ExperienceKind.Again => "again",
        Engine.ExperienceKind.Late => "late",
        _ => "with",
    };

    /// <returns>Null where nothing is named so.</returns>
    private Engine.Experience? ExperienceOf(string key, TouchpointTable table)
    {
        foreach (var kind in new[] { Engine.ExperienceKind.Reached, Engine.ExperienceKind.Again, Engine.ExperienceKind.Late })
        {
            var prefix = KindName(kind) + ":";
            if (key.StartsWith(prefix, StringComparison.Ordinal) && table.Find(key[prefix.Length..]) is { } code) return new(kind, code, -1, -1, Engine.Code.None, 0, -1);
        }

        // A value or a touchpoint's name may hold a colon: the first place where both sides are known counts.
        var equals = key.IndexOf('=', StringComparison.Ordinal);
        var column = equals < 0 || sensitivity.Now.HidesField(key[..equals]) ? -1 : Column(key[..equals]);
        for (var colon = equals; column >= 0 && (colon = key.IndexOf(':', colon + 1)) >= 0;)
        {
            var touchpoint = colon + 1 == key.Length ? Engine.Code.None : table.Find(key[(colon + 1)..]);
            int value;
            lock (feed.Journeys.Gate) value = feed.Journeys.Codes.FindValue(column, key[(equals + 1)..colon]);
            if (touchpoint is { } at && value >= 0) return new(Engine.ExperienceKind.With, at, column, value, Engine.Code.None, 0, -1);
        }

        return null;
    }
}
