CREATE TABLE "map_comments" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_map_comments" PRIMARY KEY AUTOINCREMENT,
    "MapId" INTEGER NOT NULL,
    "Part" INTEGER NOT NULL,
    "PartId" TEXT NOT NULL,
    "Text" TEXT NOT NULL,
    "AtUtc" TEXT NOT NULL,
    "ByKind" INTEGER NOT NULL,
    "ById" TEXT NOT NULL,
    "By" TEXT NOT NULL
);

CREATE INDEX "IX_map_comments_MapId" ON "map_comments" ("MapId");

-- Who is named in a comment, and whether they have looked.
CREATE TABLE "map_mentions" (
    "CommentId" INTEGER NOT NULL,
    "UserId" TEXT NOT NULL,
    "SeenUtc" TEXT NULL,
    CONSTRAINT "PK_map_mentions" PRIMARY KEY ("CommentId", "UserId")
);

CREATE INDEX "IX_map_mentions_UserId" ON "map_mentions" ("UserId");
