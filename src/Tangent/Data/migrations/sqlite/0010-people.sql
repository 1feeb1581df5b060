ALTER TABLE "users" ADD COLUMN "CreatedUtc" TEXT NOT NULL DEFAULT '2026-01-01 00:00:00';
ALTER TABLE "users" ADD COLUMN "DisabledUtc" TEXT NULL;
ALTER TABLE "users" ADD COLUMN "TotpStep" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "users" ADD COLUMN "Language" TEXT NULL;
ALTER TABLE "users" ADD COLUMN "Theme" TEXT NULL;

CREATE TABLE "sessions" (
    "Id" TEXT NOT NULL CONSTRAINT "PK_sessions" PRIMARY KEY,
    "UserId" TEXT NOT NULL,
    "Stamp" TEXT NOT NULL,
    "CreatedUtc" TEXT NOT NULL,
    "LastSeenUtc" TEXT NOT NULL,
    "Browser" TEXT NOT NULL,
    "Address" TEXT NOT NULL,
    CONSTRAINT "FK_sessions_users_UserId" FOREIGN KEY ("UserId") REFERENCES "users" ("Id") ON DELETE CASCADE
);

CREATE INDEX "IX_sessions_UserId" ON "sessions" ("UserId");

CREATE TABLE "api_keys" (
    "Id" TEXT NOT NULL CONSTRAINT "PK_api_keys" PRIMARY KEY,
    "Name" TEXT NOT NULL,
    "Hash" TEXT NOT NULL,
    "Start" TEXT NOT NULL,
    "Scope" INTEGER NOT NULL,
    "Areas" TEXT NOT NULL,
    "CreatedUtc" TEXT NOT NULL,
    "CreatedBy" TEXT NOT NULL,
    "ExpiresUtc" TEXT NULL,
    "LastUsedUtc" TEXT NULL,
    "RevokedUtc" TEXT NULL
);

CREATE UNIQUE INDEX "IX_api_keys_Hash" ON "api_keys" ("Hash");
