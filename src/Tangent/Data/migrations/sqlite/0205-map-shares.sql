-- Links by which people without an account see a journey map for a while.
CREATE TABLE "map_shares" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_map_shares" PRIMARY KEY AUTOINCREMENT,
    "MapId" INTEGER NOT NULL,
    "MadeUtc" TEXT NOT NULL,
    "MadeBy" TEXT NOT NULL,
    "EndsUtc" TEXT NOT NULL
);

CREATE INDEX "IX_map_shares_MapId" ON "map_shares" ("MapId");
