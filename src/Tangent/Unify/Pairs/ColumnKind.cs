namespace Tangent.Unify;

/// <summary>What a column of persons holds; decides how its values are brought into one form and compared.</summary>
internal enum ColumnKind
{
    /// <summary>Says nothing about who a person is: a row number, an empty column, or one that everybody shares.</summary>
    Ignored,

    GivenName,
    Surname,

    /// <summary>A whole name in one column.</summary>
    Name,

    Email,
    Phone,
    Date,

    /// <summary>A line of an address.</summary>
    Address,

    /// <summary>Other short text: city, company, job.</summary>
    Text,

    /// <summary>Digits, or digits with few letters: postcode, house number, customer number.</summary>
    Code,

    /// <summary>One of few values: country, gender, state.</summary>
    Category,

    /// <summary>An amount or measure. Never guessed: rules ask for it.</summary>
    Number,
}
