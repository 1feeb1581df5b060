ALTER TABLE "sources" ADD COLUMN "Paused" INTEGER NOT NULL DEFAULT 0;


CREATE TABLE "retiring_keys" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_retiring_keys" PRIMARY KEY AUTOINCREMENT,
    "SourceId" INTEGER NOT NULL,
    "Key" TEXT NOT NULL,
    "ValidUntilUtc" TEXT NOT NULL,
    CONSTRAINT "FK_retiring_keys_sources_SourceId" FOREIGN KEY ("SourceId") REFERENCES "sources" ("Id") ON DELETE CASCADE
);


CREATE UNIQUE INDEX "IX_retiring_keys_Key" ON "retiring_keys" ("Key");


CREATE INDEX "IX_retiring_keys_SourceId" ON "retiring_keys" ("SourceId");
