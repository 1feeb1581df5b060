-- Whom a journey is of: the people behind a segment, or a role in the buying committee.
CREATE TABLE "personas" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_personas" PRIMARY KEY AUTOINCREMENT,
    "Name" TEXT NOT NULL,
    "Description" TEXT NOT NULL,
    "Goals" TEXT NOT NULL,
    "Needs" TEXT NOT NULL,
    "Frustrations" TEXT NOT NULL,
    "Quote" TEXT NOT NULL,
    "SegmentId" INTEGER NULL,
    "Role" INTEGER NULL,
    "PictureHash" TEXT NOT NULL,
    "ChangedUtc" TEXT NOT NULL,
    "ChangedBy" TEXT NOT NULL
);

CREATE UNIQUE INDEX "IX_personas_Name" ON "personas" ("Name");

CREATE TABLE "persona_pictures" (
    "PersonaId" INTEGER NOT NULL CONSTRAINT "PK_persona_pictures" PRIMARY KEY,
    "MediaType" TEXT NOT NULL,
    "Picture" BLOB NOT NULL
);
