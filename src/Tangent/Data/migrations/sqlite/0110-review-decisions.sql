-- What people decided of pairs that may be one person, for the next search to learn from, and between which probabilities they are asked.
CREATE TABLE "reviewed_pairs" (
    "Number" INTEGER NOT NULL CONSTRAINT "PK_reviewed_pairs" PRIMARY KEY,
    "One" TEXT NOT NULL,
    "Other" TEXT NOT NULL,
    "IsOnePerson" INTEGER NOT NULL,
    "Evidence" TEXT NOT NULL,
    "DecidedUtc" TEXT NOT NULL
);

CREATE INDEX "IX_reviewed_pairs_One" ON "reviewed_pairs" ("One");
CREATE INDEX "IX_reviewed_pairs_Other" ON "reviewed_pairs" ("Other");

CREATE TABLE "review_band" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_review_band" PRIMARY KEY,
    "Least" REAL NOT NULL,
    "Sure" REAL NOT NULL,
    "By" TEXT NOT NULL,
    "ChangedUtc" TEXT NOT NULL
);

ALTER TABLE "duplicate_runs" ADD COLUMN "Undecided" TEXT NOT NULL DEFAULT '[]';

ALTER TABLE "duplicate_runs" ADD COLUMN "Merged" INTEGER NOT NULL DEFAULT 0;

ALTER TABLE "duplicate_runs" ADD COLUMN "Apart" INTEGER NOT NULL DEFAULT 0;
