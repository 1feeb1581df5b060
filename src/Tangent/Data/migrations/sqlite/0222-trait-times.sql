-- When each trait was said that was said before the latest call: that one alone decided over all till now. The profiles are read from the log anew.
ALTER TABLE "profiles" ADD COLUMN "Times" TEXT NOT NULL DEFAULT '';
DELETE FROM "watermarks" WHERE "Follower" = 'profiles';
DELETE FROM "profiles";
