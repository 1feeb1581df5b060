-- Whether the mail server refused the address itself. Marks made before may be of what was wrong with the settings.
ALTER TABLE "outgoing_letters" ADD COLUMN "AddressRefused" INTEGER NOT NULL DEFAULT 0;

DELETE FROM "undeliverable_points";
