CREATE TABLE "import_mappings" (
    "SourceId" INTEGER NOT NULL CONSTRAINT "PK_import_mappings" PRIMARY KEY,
    "Columns" TEXT NOT NULL
);


CREATE TABLE "imports" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_imports" PRIMARY KEY AUTOINCREMENT,
    "Source" TEXT NOT NULL,
    "FileName" TEXT NOT NULL,
    "DryRun" INTEGER NOT NULL,
    "StartedUtc" TEXT NOT NULL,
    "EndedUtc" TEXT NULL,
    "State" INTEGER NOT NULL,
    "Rows" INTEGER NOT NULL,
    "New" INTEGER NOT NULL,
    "Duplicates" INTEGER NOT NULL,
    "Rejected" INTEGER NOT NULL,
    "Report" TEXT NULL
);
