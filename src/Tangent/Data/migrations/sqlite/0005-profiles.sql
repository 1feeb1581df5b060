CREATE TABLE "profiles" (
    "Key" TEXT NOT NULL CONSTRAINT "PK_profiles" PRIMARY KEY,
    "Name" TEXT NOT NULL,
    "Email" TEXT NOT NULL,
    "Phone" TEXT NOT NULL,
    "Company" TEXT NOT NULL,
    "Traits" TEXT NOT NULL,
    "Search" TEXT NOT NULL,
    "UpdatedUtc" TEXT NOT NULL
);

CREATE TABLE "watermarks" (
    "Follower" TEXT NOT NULL CONSTRAINT "PK_watermarks" PRIMARY KEY,
    "Position" INTEGER NOT NULL
);
