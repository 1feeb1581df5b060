-- What customers said of touchpoints and of the company; made from the log, like the profiles.
CREATE TABLE "feedback" (
    "Id" TEXT NOT NULL CONSTRAINT "PK_feedback" PRIMARY KEY,
    "Position" INTEGER NOT NULL,
    "Key" TEXT NOT NULL,
    "SourceId" INTEGER NOT NULL,
    "AtUtc" TEXT NOT NULL,
    "Metric" INTEGER NOT NULL,
    "Score" INTEGER NULL,
    "Touchpoint" TEXT NOT NULL,
    "Event" TEXT NOT NULL,
    "Channel" TEXT NOT NULL,
    "Language" TEXT NOT NULL,
    "Comment" TEXT NOT NULL,
    "Survey" TEXT NOT NULL,
    "Question" TEXT NOT NULL,
    "Via" TEXT NOT NULL,
    "Refused" TEXT NOT NULL
);

CREATE INDEX "IX_feedback_key" ON "feedback" ("Key");

CREATE INDEX "IX_feedback_at" ON "feedback" ("AtUtc");

CREATE INDEX "IX_feedback_position" ON "feedback" ("Position");
