-- A map can stand under another: a life cycle has journeys, a journey has parts that maps of their own tell in detail.
ALTER TABLE "journey_maps" ADD COLUMN "ParentId" INTEGER NULL;
