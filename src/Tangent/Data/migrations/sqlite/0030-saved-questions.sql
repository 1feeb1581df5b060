CREATE TABLE "annotations" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_annotations" PRIMARY KEY AUTOINCREMENT,
    "Day" TEXT NOT NULL,
    "Text" TEXT NOT NULL,
    "Touchpoint" TEXT NOT NULL,
    "By" TEXT NOT NULL,
    "CreatedUtc" TEXT NOT NULL
);

CREATE TABLE "saved_questions" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_saved_questions" PRIMARY KEY AUTOINCREMENT,
    "Name" TEXT NOT NULL,
    "Address" TEXT NOT NULL,
    "Owner" TEXT NOT NULL,
    "Shared" INTEGER NOT NULL,
    "CreatedUtc" TEXT NOT NULL
);

CREATE INDEX "IX_saved_questions_Owner" ON "saved_questions" ("Owner");
