using Tangent.Unify;

namespace Tangent.Analyse;

/// <summary>The parameters of the questions that are asked of journeys.</summary>
internal static class JourneyParameters
{
    private static readonly QuestionParameter Collapse = new("collapse", "true: immediate repeats count once; false: every event counts.");

    public static IReadOnlyList<QuestionParameter> Funnel { get; } =
    [
        new("step", "A step of the funnel: a touchpoint, or a rule such as Hotline|E-mail & channel=phone; repeat it for every step, in order, 1 to 20.", Repeated: true),
        new("window", "Longest time from the first step to the last: a number and s, m, h, d or w; 14d unless said."),
        new("order", "ordered: others may lie between; strict: nothing lies between; any: in any order, step k is any k of the steps; ordered unless said."),
        new("exclude", "The customer drops out when this occurs between two steps: A-B:EVENT (steps by number), or EVENT for between the first and the last; written as a step; repeat it.", Repeated: true),
        new("ignore", "Taken out before matching; written as a step; repeat it.", Repeated: true),
        new("breakdown", "The same per group: channel, source, campaign, touchpoint, property.NAME or trait.NAME."),
        new("touch", "Which event gives the group: first or last of the journey, or the number of a step; first unless said."),
        new("trend", "day, week or month: conversion by when customers entered."),
        new("histogram", "true: the times to the last step in bins too."),
        .. QuestionParameters.Filter,
    ];

    public static IReadOnlyList<QuestionParameter> Paths { get; } =
    [
        new("start", "Touchpoint the paths begin at; the beginning of the journey unless said."),
        new("end", "Touchpoint the paths end at; without a start, paths are read from it backwards."),
        new("visits", "true: a path for each visit (30 minutes of silence end one); false: one for the journey. false unless said."),
        new("least", "Least customers of a transition that is shown; 1 unless said."),
        new("silence", "A journey without an event for so long has ended, else it is still open: a number and s, m, h, d or w; 14d unless said."),
        new("group", "Touchpoint VALUE is part of the node NAME (in the query string: group.NAME=VALUE); repeat it for every touchpoint.", Repeated: true),
        new("steps", "Positions shown, 2 to 10; 5 unless said."),
        Collapse with { Description = Collapse.Description + " true unless said." },
        new("edges", "Most transitions shown, 1 to 500; 50 unless said."),
        .. QuestionParameters.Filter,
    ];

    public static IReadOnlyList<QuestionParameter> Variants { get; } =
    [
        Collapse with { Description = Collapse.Description + " false unless said." },
        new("by", "touchpoint, or stage: sequences of stages of the life cycle; touchpoint unless said."),
        new("top", "Variants listed, the largest, 1 to 10000; 200 unless said."),
        .. QuestionParameters.Filter,
    ];

    public static IReadOnlyList<QuestionParameter> Flows { get; } = [Collapse with { Description = Collapse.Description + " false unless said." }, .. QuestionParameters.Filter];

    public static IReadOnlyList<QuestionParameter> Touchpoints { get; } = [new("bucket", "day, week or month: volumes over time."), .. QuestionParameters.Filter];
}
