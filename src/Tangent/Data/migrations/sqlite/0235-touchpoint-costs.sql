-- Which department answers for a touchpoint, what one contact there costs, and into which one it was merged.
ALTER TABLE "touchpoints" ADD COLUMN "Department" TEXT NOT NULL DEFAULT '';
ALTER TABLE "touchpoints" ADD COLUMN "CostPerContact" TEXT NULL;
ALTER TABLE "touchpoints" ADD COLUMN "MergedInto" INTEGER NULL;
