-- Nothing names its letters any more.
DROP INDEX "IX_outgoing_letters_Reason";

ALTER TABLE "outgoing_letters" DROP COLUMN "Reason";


-- When a person was last seen is kept with the person, since ended sign-ins are deleted.
ALTER TABLE "users" ADD COLUMN "LastSeenUtc" TEXT NULL;

UPDATE "users" SET "LastSeenUtc" = (SELECT MAX("LastSeenUtc") FROM "sessions" WHERE "UserId" = "users"."Id");
