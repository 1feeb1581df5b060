CREATE TABLE "sources" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_sources" PRIMARY KEY AUTOINCREMENT,
    "Name" TEXT NOT NULL,
    "Kind" INTEGER NOT NULL,
    "WriteKey" TEXT NOT NULL,
    "CreatedUtc" TEXT NOT NULL
);


CREATE TABLE "rejection_counts" (
    "SourceId" INTEGER NOT NULL,
    "Reason" INTEGER NOT NULL,
    "Count" INTEGER NOT NULL,
    CONSTRAINT "PK_rejection_counts" PRIMARY KEY ("SourceId", "Reason")
);


CREATE TABLE "rejected_events" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_rejected_events" PRIMARY KEY AUTOINCREMENT,
    "SourceId" INTEGER NOT NULL,
    "ReceivedUtc" TEXT NOT NULL,
    "Reason" INTEGER NOT NULL,
    "Detail" TEXT NOT NULL,
    "Body" TEXT NOT NULL
);


CREATE UNIQUE INDEX "IX_sources_Name" ON "sources" ("Name");


CREATE UNIQUE INDEX "IX_sources_WriteKey" ON "sources" ("WriteKey");


CREATE INDEX "IX_rejected_events_SourceId" ON "rejected_events" ("SourceId");
