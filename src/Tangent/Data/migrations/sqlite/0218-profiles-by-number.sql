-- The search finds profiles by their number and looks at their texts: the number is the table's own order now, and what is looked at stands before what is not.
-- No copy stays behind of somebody who is erased later.
PRAGMA secure_delete = ON;

CREATE TABLE "numbered_profiles" (
    "Number" INTEGER NOT NULL CONSTRAINT "PK_profiles" PRIMARY KEY,
    "Key" TEXT NOT NULL,
    "SourceId" INTEGER NOT NULL,
    "Name" TEXT NOT NULL,
    "Search" TEXT NOT NULL,
    "Email" TEXT NOT NULL,
    "Phone" TEXT NOT NULL,
    "Company" TEXT NOT NULL,
    "UpdatedUtc" TEXT NOT NULL,
    "Traits" TEXT NOT NULL
);

INSERT INTO "numbered_profiles" SELECT "Number", "Key", "SourceId", "Name", "Search", "Email", "Phone", "Company", "UpdatedUtc", "Traits" FROM "profiles" ORDER BY "Number";

DROP TABLE "profiles";

ALTER TABLE "numbered_profiles" RENAME TO "profiles";

CREATE UNIQUE INDEX "IX_profiles_Key_SourceId" ON "profiles" ("Key", "SourceId");

CREATE TRIGGER "profile_search_added" AFTER INSERT ON "profiles" WHEN new."Search" <> '' BEGIN
    INSERT INTO "profile_search" ("rowid", "Search") VALUES (new."Number", new."Search");
END;

CREATE TRIGGER "profile_search_changed" AFTER UPDATE ON "profiles" WHEN new."Search" <> old."Search" BEGIN
    INSERT INTO "profile_search" ("profile_search", "rowid", "Search") SELECT 'delete', old."Number", old."Search" WHERE old."Search" <> '';
    INSERT INTO "profile_search" ("rowid", "Search") SELECT new."Number", new."Search" WHERE new."Search" <> '';
END;

CREATE TRIGGER "profile_search_removed" AFTER DELETE ON "profiles" WHEN old."Search" <> '' BEGIN
    INSERT INTO "profile_search" ("profile_search", "rowid", "Search") VALUES ('delete', old."Number", old."Search");
END;
