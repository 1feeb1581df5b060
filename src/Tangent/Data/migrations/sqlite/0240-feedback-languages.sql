-- How the language of a comment is known. What has words and no language is looked at once, when the program starts.
ALTER TABLE "feedback" ADD COLUMN "LanguageKnown" INTEGER NOT NULL DEFAULT 0;
UPDATE "feedback" SET "LanguageKnown" = CASE WHEN "Language" <> '' THEN 2 ELSE 1 END WHERE "Language" <> '' OR "Comment" = '';
