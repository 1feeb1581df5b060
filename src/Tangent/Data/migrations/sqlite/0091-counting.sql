-- What is counted without consent: days and signatures, nothing of whom.
CREATE TABLE "consentless_counts" (
    "Day" TEXT NOT NULL,
    "SourceId" INTEGER NOT NULL,
    "Event" TEXT NOT NULL,
    "Channel" TEXT NOT NULL,
    "Path" TEXT NOT NULL,
    "Campaign" TEXT NOT NULL,
    "Count" INTEGER NOT NULL,
    CONSTRAINT "PK_consentless_counts" PRIMARY KEY ("Day", "SourceId", "Event", "Channel", "Path", "Campaign")
);

ALTER TABLE "sources" ADD COLUMN "BeforeConsent" INTEGER NOT NULL DEFAULT 0;
