-- What an erasure leaves, so that no import brings the person back: keyed hashes, never the values.
CREATE TABLE "tombstones" (
    "Hash" TEXT NOT NULL,
    "Erasure" INTEGER NOT NULL,
    "AtUtc" TEXT NOT NULL,
    "By" TEXT NOT NULL,
    "Reason" TEXT NOT NULL,
    CONSTRAINT "PK_tombstones" PRIMARY KEY ("Hash", "Erasure")
);

CREATE TABLE "privacy_requests" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_privacy_requests" PRIMARY KEY AUTOINCREMENT,
    "Kind" INTEGER NOT NULL,
    "State" INTEGER NOT NULL,
    "ReceivedUtc" TEXT NOT NULL,
    "DueUtc" TEXT NOT NULL,
    "Key" TEXT NOT NULL,
    "Note" TEXT NOT NULL,
    "By" TEXT NOT NULL,
    "ChangedUtc" TEXT NOT NULL
);

CREATE INDEX "IX_privacy_requests_Key" ON "privacy_requests" ("Key");

CREATE TABLE "restrictions" (
    "Key" TEXT NOT NULL CONSTRAINT "PK_restrictions" PRIMARY KEY,
    "SinceUtc" TEXT NOT NULL,
    "By" TEXT NOT NULL,
    "Reason" TEXT NOT NULL
);
