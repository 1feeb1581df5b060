-- Named versions of journey maps, as the file a map is exported as.
CREATE TABLE "map_snapshots" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_map_snapshots" PRIMARY KEY AUTOINCREMENT,
    "MapId" INTEGER NOT NULL,
    "Name" TEXT NOT NULL,
    "Version" INTEGER NOT NULL,
    "AtUtc" TEXT NOT NULL,
    "By" TEXT NOT NULL,
    "Yaml" TEXT NOT NULL,
    "Ids" TEXT NOT NULL
);

CREATE INDEX "IX_map_snapshots_MapId" ON "map_snapshots" ("MapId");
