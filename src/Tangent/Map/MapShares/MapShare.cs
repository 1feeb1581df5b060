using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.Extensions.Options;
using Tangent.Mail;
using Tangent.Web;

namespace Tangent.Map;

/// <summary>A link by which people without an account see a map until it ends. Removing it ends it at once.</summary>
internal sealed class MapShare
{
    public const int UsualDays = 30, MostDays = 365;

    public int Id { get; set; }

    public int MapId { get; set; }

    public DateTime MadeUtc { get; set; }

    /// <summary>Name of who made it, as it was then.</summary>
    public string MadeBy { get; set; } = "";

    public DateTime EndsUtc { get; set; }
}

internal sealed class MapShareConfiguration : IEntityTypeConfiguration<MapShare>
{
    public void Configure(EntityTypeBuilder<MapShare> builder)
    {
        builder.ToTable("map_shares");
        builder.HasIndex(s => s.MapId);
    }
}

/// <summary>Makes and reads the addresses: signed with the keys of the data folder, so that nobody comes to another map by counting.</summary>
internal sealed class MapShareLinks(IDataProtectionProvider protection, IOptionsMonitor<MailOptions> mail)
{
    public const string Path = "/m/";

    private readonly IDataProtector _protector = protection.CreateProtector("Map.Shares");

    public string Of(MapShare share, HttpRequest request) =>
        (mail.CurrentValue.PublicAddress is { Length: > 0 } known ? known.TrimEnd('/') : request.HttpContext.ReachedAt()) + Path + _protector.Protect(share.Id.ToString(CultureInfo.InvariantCulture));

    /// <returns>Null where the link was forged or cut.</returns>
    public int? Read(string token)
    {
        try
        {
            return int.Parse(_protector.Unprotect(token), CultureInfo.InvariantCulture);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
