using Microsoft.AspNetCore.Identity;

namespace Tangent.Access;

/// <summary>The link to choose a new password. Its token holds for a day and is bound to the security stamp, which the new password changes: so it works once.</summary>
internal static class PasswordReset
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    public static async Task<string> LinkAsync(UserManager<User> users, User user) =>
        $"/access/reset?user={user.Id}&token={Uri.EscapeDataString(await users.GeneratePasswordResetTokenAsync(user))}";
}
