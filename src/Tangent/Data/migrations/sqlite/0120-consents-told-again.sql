-- When a word was last said again. The consents are read from the log once more: some words had been passed over.
ALTER TABLE "consents" ADD COLUMN "LastUtc" TEXT NOT NULL DEFAULT '';
ALTER TABLE "standing_consents" ADD COLUMN "LastUtc" TEXT NOT NULL DEFAULT '';
DELETE FROM "consents";
DELETE FROM "standing_consents";
DELETE FROM "watermarks" WHERE "Follower" = 'consents';
