-- The day of a card's evidence apart from its quotes: what it is again once they have gone. Quotes from before do not know it.
ALTER TABLE "map_quotes" ADD COLUMN "DateBefore" TEXT NULL;
