-- Surveys: what they ask, version by version; who answered; whom they asked and why not.
CREATE TABLE "surveys" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_surveys" PRIMARY KEY AUTOINCREMENT,
    "Name" TEXT NOT NULL,
    "Code" TEXT NOT NULL,
    "Open" INTEGER NOT NULL,
    "Version" INTEGER NOT NULL,
    "By" TEXT NOT NULL,
    "ChangedUtc" TEXT NOT NULL
);

CREATE UNIQUE INDEX "IX_surveys_Name" ON "surveys" ("Name");

CREATE UNIQUE INDEX "IX_surveys_Code" ON "surveys" ("Code");

CREATE TABLE "survey_versions" (
    "SurveyId" INTEGER NOT NULL,
    "Version" INTEGER NOT NULL,
    "Definition" TEXT NOT NULL,
    CONSTRAINT "PK_survey_versions" PRIMARY KEY ("SurveyId", "Version")
);

CREATE TABLE "survey_responses" (
    "Id" TEXT NOT NULL CONSTRAINT "PK_survey_responses" PRIMARY KEY,
    "SurveyId" INTEGER NOT NULL,
    "Version" INTEGER NOT NULL,
    "Key" TEXT NOT NULL,
    "Touchpoint" TEXT NOT NULL,
    "Language" TEXT NOT NULL,
    "Via" TEXT NOT NULL,
    "NextPage" INTEGER NOT NULL,
    "Complete" INTEGER NOT NULL,
    "Answers" TEXT NOT NULL,
    "StartedUtc" TEXT NOT NULL,
    "ChangedUtc" TEXT NOT NULL
);

CREATE INDEX "IX_survey_responses_Key" ON "survey_responses" ("Key");

CREATE INDEX "IX_survey_responses_SurveyId_ChangedUtc" ON "survey_responses" ("SurveyId", "ChangedUtc");

CREATE TABLE "survey_decisions" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_survey_decisions" PRIMARY KEY AUTOINCREMENT,
    "SurveyId" INTEGER NOT NULL,
    "Position" INTEGER NOT NULL,
    "Key" TEXT NOT NULL,
    "HappenedUtc" TEXT NOT NULL,
    "DueUtc" TEXT NOT NULL,
    "Outcome" INTEGER NOT NULL,
    "DecidedUtc" TEXT NULL,
    "Letter" TEXT NULL
);

CREATE UNIQUE INDEX "IX_survey_decisions_SurveyId_Position" ON "survey_decisions" ("SurveyId", "Position");

CREATE INDEX "IX_survey_decisions_Outcome_DueUtc" ON "survey_decisions" ("Outcome", "DueUtc");

CREATE INDEX "IX_survey_decisions_Key" ON "survey_decisions" ("Key");

CREATE INDEX "IX_survey_decisions_Letter" ON "survey_decisions" ("Letter");

CREATE TABLE "undeliverable_points" (
    "Point" TEXT NOT NULL CONSTRAINT "PK_undeliverable_points" PRIMARY KEY,
    "SinceUtc" TEXT NOT NULL
);
