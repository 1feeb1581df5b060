-- Pairs of stored customers that may be one person and wait for somebody's decision; decisions themselves are records of the event log.
CREATE TABLE "duplicate_pairs" (
    "Number" INTEGER NOT NULL CONSTRAINT "PK_duplicate_pairs" PRIMARY KEY,
    "One" TEXT NOT NULL,
    "Other" TEXT NOT NULL,
    "Weight" REAL NOT NULL,
    "Start" REAL NOT NULL,
    "Evidence" TEXT NOT NULL,
    "IsSure" INTEGER NOT NULL,
    "IsLater" INTEGER NOT NULL,
    "FoundUtc" TEXT NOT NULL
);

CREATE INDEX "IX_duplicate_pairs_Order" ON "duplicate_pairs" ("IsLater", "Weight" DESC, "Number");
CREATE INDEX "IX_duplicate_pairs_One" ON "duplicate_pairs" ("One");
CREATE INDEX "IX_duplicate_pairs_Other" ON "duplicate_pairs" ("Other");

CREATE TABLE "duplicate_runs" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_duplicate_runs" PRIMARY KEY AUTOINCREMENT,
    "StartedUtc" TEXT NOT NULL,
    "Seconds" REAL NOT NULL,
    "Customers" INTEGER NOT NULL,
    "Pairs" INTEGER NOT NULL,
    "Columns" TEXT NOT NULL
);
