CREATE TABLE "segments" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_segments" PRIMARY KEY AUTOINCREMENT,
    "Name" TEXT NOT NULL COLLATE NOCASE,
    "Any" INTEGER NOT NULL,
    "Conditions" TEXT NOT NULL,
    "By" TEXT NOT NULL,
    "ChangedUtc" TEXT NOT NULL
);

CREATE UNIQUE INDEX "IX_segments_Name" ON "segments" ("Name");
