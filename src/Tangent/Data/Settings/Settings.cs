using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using static Tangent.Web.Texts;

namespace Tangent.Data;

/// <summary>What owners set while the program runs: kept in the database, in force at once, overruled by the server's own configuration.</summary>
internal sealed class Settings(
    IEnumerable<Setting> known, SettingsLayer layer, IConfiguration configuration, IServiceScopeFactory scopes, IDataProtectionProvider protection, ILogger<Settings> logger) : IDisposable
{
    private const int LongestValue = 4000;

    private readonly Dictionary<string, Setting> _known = known.ToDictionary(s => s.Key, StringComparer.OrdinalIgnoreCase);
    private readonly IDataProtector _protector = protection.CreateProtector("Data.Settings");
    private readonly SemaphoreSlim _changing = new(1);

    /// <summary>Puts what the database holds in force; once at the start, before anything reads its options.</summary>
    public async Task LoadAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        Enforce(await scope.ServiceProvider.GetRequiredService<TangentDb>().Set<StoredSetting>().AsNoTracking().ToListAsync(ct));
    }

    public IReadOnlyList<SettingView> All() => [.. _known.Values.Select(View)];

    public SettingView? Find(string key) => _known.TryGetValue(key, out var setting) ? View(setting) : null;

    /// <summary>When an owner set it last; null where it has its default or the server's own configuration says it.</summary>
    public async Task<DateTime?> ChangedUtcAsync(string key, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<TangentDb>().Set<StoredSetting>().Where(s => s.Key == key).Select(s => (DateTime?)s.ChangedUtc).FirstOrDefaultAsync(ct);
    }

    /// <summary>Changes settings, all or none; null or an empty value takes a setting back to its default.</summary>
    public async Task<SettingRefusal?> ChangeAsync(IReadOnlyDictionary<string, string?> changes, CancellationToken ct)
    {
        await _changing.WaitAsync(ct);
        try
        {
            var wanted = new SettingChanges(_known, key => Effective(_known[key]));
            foreach (var (key, value) in changes) wanted.Want(key, value?.Trim() ?? "");
            if (wanted.Wanted.FirstOrDefault(w => w.Value.Length > LongestValue).Key is { } tooLong) return new SettingRefusal(tooLong, T("Operate.Problem.Long", LongestValue));
            if ((Refusal(wanted) ?? Entail(wanted) ?? Refusal(wanted) ?? Problem(wanted)) is { } refusal) return refusal;
            await KeepAsync(wanted.Wanted, ct);
            return null;
        }
        finally
        {
            _changing.Release();
        }
    }

    public void Dispose() => _changing.Dispose();

    private SettingRefusal? Refusal(SettingChanges wanted)
    {
        foreach (var key in wanted.Wanted.Keys)
        {
            if (!_known.TryGetValue(key, out var setting)) return new SettingRefusal(key, T("Operate.Problem.Unknown", key));
            if (IsFixed(setting)) return new SettingRefusal(setting.Key, T("Operate.Problem.Fixed", setting.Key));
        }

        return null;
    }

    private SettingRefusal? Entail(SettingChanges wanted) =>
        wanted.Wanted.Keys.ToList().Select(key => _known[key].Entails?.Invoke(wanted)).FirstOrDefault(r => r is not null);

    /// <summary>What is changed must be right, and what was right beside it must stay so; what was wrong before and is not changed is not this change's fault.</summary>
    private SettingRefusal? Problem(SettingChanges wanted)
    {
        foreach (var setting in _known.Values.Where(s => wanted.Wanted.Keys.Any(k => Section(k) == Section(s.Key))))
        {
            if (setting.Problem(wanted.Gets(setting.Key), wanted.Gets) is not { } problem) continue;
            if (wanted.Gets(setting.Key) != wanted.Had(setting.Key) || setting.Problem(wanted.Had(setting.Key), wanted.Had) is null) return new SettingRefusal(setting.Key, problem);
        }

        return null;
    }

    private async Task KeepAsync(IReadOnlyDictionary<string, string> wanted, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TangentDb>();
        var stored = await db.Set<StoredSetting>().ToDictionaryAsync(s => s.Key, StringComparer.OrdinalIgnoreCase, ct);
        foreach (var (key, value) in wanted)
        {
            var setting = _known[key];
            var kept = setting.IsSecret && value.Length > 0 ? _protector.Protect(value) : value;
            if (stored.TryGetValue(setting.Key, out var row) && value.Length == 0) db.Remove(row);
            else if (row is not null) (row.Value, row.ChangedUtc) = (kept, DateTime.UtcNow);
            else if (value.Length > 0) db.Add(new StoredSetting { Key = setting.Key, Value = kept, ChangedUtc = DateTime.UtcNow });
        }

        await db.SaveChangesAsync(ct);
        Enforce(await db.Set<StoredSetting>().AsNoTracking().ToListAsync(ct));
    }

    private void Enforce(List<StoredSetting> rows)
    {
        var values = new List<KeyValuePair<string, string>>();
        foreach (var row in rows)
        {
            // A setting of a version that knew more is kept, but means nothing here.
            if (!_known.TryGetValue(row.Key, out var setting) || Open(setting, row.Value) is not { } value) continue;
            values.Add(KeyValuePair.Create(setting.Key, value));
        }

        layer.Replace(values);
    }

    private string? Open(Setting setting, string value)
    {
        if (!setting.IsSecret) return value;
        try
        {
            return _protector.Unprotect(value);
        }
        catch (CryptographicException)
        {
            logger.LogWarning("{Setting} cannot be read: the keys of the data folder are not those it was written with. Set it again.", setting.Key);
            return null;
        }
    }

    private SettingView View(Setting setting)
    {
        var isFixed = IsFixed(setting);
        return new SettingView(setting.Key, setting.IsSecret ? "" : Effective(setting), setting.Default, setting.IsSecret,
            isFixed || layer.TryGet(setting.Key, out _), isFixed);
    }

    private string Effective(Setting setting) => setting.Gather?.Invoke(configuration) ?? configuration[setting.Key] ?? setting.Default;

    private bool IsFixed(Setting setting) =>
        ((IConfigurationRoot)configuration).Providers.Where(p => p != layer).Any(p => p.TryGet(setting.Key, out _) || p.GetChildKeys([], setting.Key).Any());

    private static string Section(string key) => key.Split(':')[0].ToUpperInvariant();
}
