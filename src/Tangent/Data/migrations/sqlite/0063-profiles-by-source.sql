-- What each source said of an identifier is kept by itself, so that a merge policy can choose. The profiles are read from the log anew.
DROP TABLE "profiles";

CREATE TABLE "profiles" (
    "Key" TEXT NOT NULL,
    "SourceId" INTEGER NOT NULL,
    "Number" INTEGER NOT NULL,
    "Name" TEXT NOT NULL,
    "Email" TEXT NOT NULL,
    "Phone" TEXT NOT NULL,
    "Company" TEXT NOT NULL,
    "Traits" TEXT NOT NULL,
    "Search" TEXT NOT NULL,
    "UpdatedUtc" TEXT NOT NULL,
    CONSTRAINT "PK_profiles" PRIMARY KEY ("Key", "SourceId")
);

CREATE UNIQUE INDEX "IX_profiles_Number" ON "profiles" ("Number");

DELETE FROM "watermarks" WHERE "Follower" = 'profiles';

-- Every three letters of the search text, so that any part of a word finds; the text itself stays in the profiles.
CREATE VIRTUAL TABLE "profile_search" USING fts5("Search", content='profiles', content_rowid='Number', tokenize='trigram', detail='none');

INSERT INTO "profile_search" ("profile_search", "rank") VALUES ('secure-delete', 1);

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

CREATE TABLE "merge_policies" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_merge_policies" PRIMARY KEY AUTOINCREMENT,
    "Fields" TEXT NOT NULL,
    "Choice" INTEGER NOT NULL
);

CREATE TABLE "source_ranks" (
    "SourceId" INTEGER NOT NULL CONSTRAINT "PK_source_ranks" PRIMARY KEY,
    "Rank" INTEGER NOT NULL
);
