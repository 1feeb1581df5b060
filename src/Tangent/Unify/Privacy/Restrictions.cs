using Tangent.Collect;

namespace Tangent.Unify;

/// <summary>Whose processing is restricted: they are left out of matching and of whoever may be contacted; whatever uses data of a customer asks here.</summary>
internal sealed class Restrictions(JourneyStore journeys, IServiceScopeFactory scopes) : IHostedService
{
    private volatile Dictionary<string, Restriction> _byKey = [];

    /// <summary>The identifiers it was said of; another list after every change.</summary>
    public IReadOnlyCollection<string> Identifiers => _byKey.Keys;

    /// <returns>Null where none of these identifiers is restricted.</returns>
    public Restriction? Of(IEnumerable<string> identifiers) => identifiers.Select(i => _byKey.GetValueOrDefault(i)).FirstOrDefault(r => r is not null);

    /// <summary>Whether the customer who has this identifier is restricted, whichever of the identifiers it was said of.</summary>
    public bool Concerns(string identifier) => _byKey.Count > 0 && journeys.CustomerOf(identifier) is { } customer && Customers().Contains(customer);

    /// <summary>Numbers of the customers who are restricted, whichever of their identifiers it was said of.</summary>
    public IReadOnlySet<int> Customers() => _byKey is { Count: > 0 } some ? journeys.FindCustomers([.. some.Keys]).Where(c => c >= 0).ToHashSet() : new HashSet<int>();

    public void Replace(IReadOnlyList<Restriction> restrictions) => _byKey = restrictions.ToDictionary(r => r.Key, StringComparer.Ordinal);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        Replace(await scope.ServiceProvider.GetRequiredService<PrivacyQueries>().RestrictionsAsync(cancellationToken));
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
