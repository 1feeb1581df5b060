-- What employees have seen at a touchpoint, and who has seen the same.
CREATE TABLE "observations" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_observations" PRIMARY KEY AUTOINCREMENT,
    "TouchpointId" INTEGER NOT NULL,
    "Kind" INTEGER NOT NULL,
    "Text" TEXT NOT NULL,
    "Mood" INTEGER NULL,
    "AtUtc" TEXT NOT NULL,
    "ByKind" INTEGER NOT NULL,
    "ById" TEXT NOT NULL,
    "By" TEXT NOT NULL,
    "State" INTEGER NOT NULL,
    "MapId" INTEGER NULL,
    "MergedInto" INTEGER NULL
);

CREATE INDEX "IX_observations_TouchpointId_State" ON "observations" ("TouchpointId", "State");

CREATE TABLE "observation_votes" (
    "ObservationId" INTEGER NOT NULL,
    "ByKind" INTEGER NOT NULL,
    "ById" TEXT NOT NULL,
    CONSTRAINT "PK_observation_votes" PRIMARY KEY ("ObservationId", "ByKind", "ById")
);
