-- Imports of persons, companies and records beside those of events; a mapping is remembered for each kind.
ALTER TABLE "imports" ADD COLUMN "Kind" INTEGER NOT NULL DEFAULT 0;

ALTER TABLE "imports" ADD COLUMN "Changed" INTEGER NOT NULL DEFAULT 0;

CREATE TABLE "import_mappings_by_kind" (
    "SourceId" INTEGER NOT NULL,
    "Kind" INTEGER NOT NULL,
    "Columns" TEXT NOT NULL,
    CONSTRAINT "PK_import_mappings" PRIMARY KEY ("SourceId", "Kind")
);

INSERT INTO "import_mappings_by_kind" ("SourceId", "Kind", "Columns") SELECT "SourceId", 0, "Columns" FROM "import_mappings";

DROP TABLE "import_mappings";

ALTER TABLE "import_mappings_by_kind" RENAME TO "import_mappings";

-- Orders, invoices, tickets, deals and subscriptions as sources said them; made from the log, like the profiles.
CREATE TABLE "records" (
    "SourceId" INTEGER NOT NULL,
    "Kind" TEXT NOT NULL,
    "RecordId" TEXT NOT NULL,
    "Title" TEXT NOT NULL,
    "Status" TEXT NOT NULL,
    "Value" REAL NULL,
    "Currency" TEXT NOT NULL,
    "AtUtc" TEXT NULL,
    "ClosedUtc" TEXT NULL,
    "Fields" TEXT NOT NULL,
    CONSTRAINT "PK_records" PRIMARY KEY ("SourceId", "Kind", "RecordId")
);

CREATE TABLE "record_owners" (
    "OwnerKey" TEXT NOT NULL,
    "SourceId" INTEGER NOT NULL,
    "Kind" TEXT NOT NULL,
    "RecordId" TEXT NOT NULL,
    CONSTRAINT "PK_record_owners" PRIMARY KEY ("OwnerKey", "SourceId", "Kind", "RecordId")
);

CREATE INDEX "IX_record_owners_record" ON "record_owners" ("SourceId", "Kind", "RecordId");
