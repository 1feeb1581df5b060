CREATE TABLE "kept_answers" (
    "Caller" TEXT NOT NULL,
    "Key" TEXT NOT NULL,
    "Fingerprint" TEXT NOT NULL,
    "AtUtc" TEXT NOT NULL,
    "Status" INTEGER NULL,
    "ContentType" TEXT NULL,
    "Location" TEXT NULL,
    "Body" BLOB NULL,
    CONSTRAINT "PK_kept_answers" PRIMARY KEY ("Caller", "Key")
);


CREATE INDEX "IX_kept_answers_AtUtc" ON "kept_answers" ("AtUtc");
