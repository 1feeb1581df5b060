-- What decided whether a survey asked: the condition that does not hold, why consent is missing, what is waited for.
ALTER TABLE "survey_decisions" ADD COLUMN "Why" TEXT NOT NULL DEFAULT '';
ALTER TABLE "survey_web_decisions" ADD COLUMN "Why" TEXT NOT NULL DEFAULT '';
