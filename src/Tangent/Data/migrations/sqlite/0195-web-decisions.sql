-- Whom pages showed a survey, and why not: one row for each outcome of a visitor, however often it came.
CREATE TABLE "survey_web_decisions" (
    "SurveyId" INTEGER NOT NULL,
    "Key" TEXT NOT NULL,
    "Outcome" INTEGER NOT NULL,
    "AtUtc" TEXT NOT NULL,
    "Times" INTEGER NOT NULL,
    CONSTRAINT "PK_survey_web_decisions" PRIMARY KEY ("SurveyId", "Key", "Outcome")
);

CREATE INDEX "IX_survey_web_decisions_Key" ON "survey_web_decisions" ("Key");

CREATE INDEX "IX_survey_web_decisions_SurveyId_AtUtc" ON "survey_web_decisions" ("SurveyId", "AtUtc");
