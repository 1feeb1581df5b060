namespace Tangent.Map;

/// <summary>The personas in memory, by name, for boards and for filters of every question.</summary>
internal sealed class PersonaCatalogue(IServiceScopeFactory scopes) : IHostedService
{
    private volatile IReadOnlyList<Persona> _all = [];

    public IReadOnlyList<Persona> All => _all;

    public Persona? Find(int id) => _all.FirstOrDefault(p => p.Id == id);

    public Persona? Named(string name) => _all.FirstOrDefault(p => string.Equals(p.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>A map as one persona sees it: without the cards that are about others.</summary>
    public MapContent SeenAs(Persona persona, MapContent map) => map with { Persona = persona.Name, Cards = [.. map.Cards.Where(c => c.IsAbout(persona.Id, id => Find(id) is not null))] };

    public void Replace(IReadOnlyList<Persona> personas) => _all = personas;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        Replace(await scope.ServiceProvider.GetRequiredService<PersonaQueries>().ListAsync(cancellationToken));
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
