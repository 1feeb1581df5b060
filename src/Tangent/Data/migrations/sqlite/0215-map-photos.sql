-- Pictures on cards of journey maps, and at observations until those are taken over.
CREATE TABLE "map_photos" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_map_photos" PRIMARY KEY AUTOINCREMENT,
    "MapId" INTEGER NULL,
    "CardId" TEXT NULL,
    "ObservationId" INTEGER NULL,
    "Alt" TEXT NOT NULL,
    "MediaType" TEXT NOT NULL,
    "Width" INTEGER NOT NULL,
    "Height" INTEGER NOT NULL,
    "Picture" BLOB NOT NULL,
    "AtUtc" TEXT NOT NULL,
    "ByKind" INTEGER NOT NULL,
    "ById" TEXT NOT NULL,
    "By" TEXT NOT NULL
);

CREATE INDEX "IX_map_photos_MapId" ON "map_photos" ("MapId");

CREATE INDEX "IX_map_photos_ObservationId" ON "map_photos" ("ObservationId");
