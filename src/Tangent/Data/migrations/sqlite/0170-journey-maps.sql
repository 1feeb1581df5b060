CREATE TABLE "journey_maps" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_journey_maps" PRIMARY KEY AUTOINCREMENT,
    "Name" TEXT NOT NULL,
    "State" INTEGER NOT NULL,
    "Version" INTEGER NOT NULL,
    "Content" TEXT NOT NULL,
    "ChangedUtc" TEXT NOT NULL,
    "ChangedBy" TEXT NOT NULL
);

CREATE UNIQUE INDEX "IX_journey_maps_Name_State" ON "journey_maps" ("Name", "State");

-- Every edit with what takes it back.
CREATE TABLE "map_edits" (
    "MapId" INTEGER NOT NULL,
    "Version" INTEGER NOT NULL,
    "AtUtc" TEXT NOT NULL,
    "ByKind" INTEGER NOT NULL,
    "ById" TEXT NOT NULL,
    "By" TEXT NOT NULL,
    "Changes" TEXT NOT NULL,
    "Inverse" TEXT NOT NULL,
    "TakesBack" INTEGER NULL,
    CONSTRAINT "PK_map_edits" PRIMARY KEY ("MapId", "Version")
);
