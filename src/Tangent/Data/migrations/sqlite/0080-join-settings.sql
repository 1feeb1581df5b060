CREATE TABLE "join_settings" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_join_settings" PRIMARY KEY,
    "Settings" TEXT NOT NULL,
    "By" TEXT NOT NULL,
    "ChangedUtc" TEXT NOT NULL
);
