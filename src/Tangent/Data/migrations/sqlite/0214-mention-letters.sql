-- Who wants no letter where a comment names them.
ALTER TABLE "users" ADD COLUMN "NoMentionLetters" INTEGER NOT NULL DEFAULT 0;
