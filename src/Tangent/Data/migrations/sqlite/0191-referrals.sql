CREATE TABLE "referral_mentions" (
    "Position" INTEGER NOT NULL CONSTRAINT "PK_referral_mentions" PRIMARY KEY,
    "Code" TEXT NOT NULL,
    "Key" TEXT NOT NULL,
    "AtUtc" TEXT NOT NULL
);

CREATE INDEX "IX_referral_mentions_key" ON "referral_mentions" ("Key");
CREATE INDEX "IX_referral_mentions_code" ON "referral_mentions" ("Code", "Key");
