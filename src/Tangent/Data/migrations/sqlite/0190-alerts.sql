CREATE TABLE "alerts" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_alerts" PRIMARY KEY AUTOINCREMENT,
    "Kind" INTEGER NOT NULL,
    "Touchpoint" TEXT NOT NULL,
    "Metric" INTEGER NOT NULL,
    "FromDay" TEXT NOT NULL,
    "ToDay" TEXT NOT NULL,
    "UsualFromDay" TEXT NOT NULL,
    "Now" REAL NOT NULL,
    "Usual" REAL NOT NULL,
    "N" INTEGER NOT NULL,
    "Chance" REAL NOT NULL,
    "FoundUtc" TEXT NOT NULL,
    "SeenUtc" TEXT NOT NULL,
    "EndedUtc" TEXT NULL,
    "AcknowledgedUtc" TEXT NULL,
    "AcknowledgedBy" TEXT NOT NULL
);

-- One alert of a cause at a time.
CREATE UNIQUE INDEX "IX_alerts_open" ON "alerts" ("Kind", "Touchpoint", "Metric") WHERE "EndedUtc" IS NULL;
