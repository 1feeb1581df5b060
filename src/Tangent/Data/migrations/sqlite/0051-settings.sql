CREATE TABLE "company_logos" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_company_logos" PRIMARY KEY,
    "MediaType" TEXT NOT NULL,
    "Picture" BLOB NOT NULL,
    "Hash" TEXT NOT NULL,
    "ChangedUtc" TEXT NOT NULL
);


CREATE TABLE "settings" (
    "Key" TEXT NOT NULL CONSTRAINT "PK_settings" PRIMARY KEY,
    "Value" TEXT NOT NULL,
    "ChangedUtc" TEXT NOT NULL
);
