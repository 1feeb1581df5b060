-- Letters that asked for the confirmation of a consent (double opt-in), by contact point (its keyed hash), purpose and topic.
ALTER TABLE "consent_purposes" ADD COLUMN "ConfirmSinceUtc" TEXT NULL;
CREATE TABLE "consent_requests" (
    "Point" TEXT NOT NULL,
    "Purpose" TEXT NOT NULL,
    "Topic" TEXT NOT NULL,
    "AskedUtc" TEXT NOT NULL,
    "Letters" INTEGER NOT NULL,
    "IsPublic" INTEGER NOT NULL,
    CONSTRAINT "PK_consent_requests" PRIMARY KEY ("Point", "Purpose", "Topic")
);

CREATE INDEX "IX_consent_requests_AskedUtc" ON "consent_requests" ("AskedUtc");
