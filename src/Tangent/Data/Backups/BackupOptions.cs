namespace Tangent.Data;

/// <summary>Backups that the program makes by itself, and where.</summary>
public sealed class BackupOptions
{
    /// <summary>Section of the configuration.</summary>
    public const string Section = "Backup";

    /// <summary>Folder that backups without a path of their own go to; where none is given, <c>backups</c> in the data folder. Another disk is better.</summary>
    public string Folder { get; set; } = "";

    /// <summary>Hours between backups that the program makes by itself; 0 for none.</summary>
    public int EveryHours { get; set; }

    /// <summary>How many of those are kept; the oldest go first. Backups that somebody made stay.</summary>
    public int Keep { get; set; } = 7;
}
