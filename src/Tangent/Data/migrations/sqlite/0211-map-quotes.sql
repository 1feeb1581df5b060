-- What a card that was heard stands on: observations of employees and comments of customers. The words stay where they are kept.
CREATE TABLE "map_quotes" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_map_quotes" PRIMARY KEY AUTOINCREMENT,
    "MapId" INTEGER NOT NULL,
    "CardId" TEXT NOT NULL,
    "ObservationId" INTEGER NULL,
    "Position" INTEGER NULL,
    "Key" TEXT NOT NULL,
    "AtUtc" TEXT NOT NULL,
    "People" INTEGER NOT NULL
);

CREATE INDEX "IX_map_quotes_MapId_CardId" ON "map_quotes" ("MapId", "CardId");
