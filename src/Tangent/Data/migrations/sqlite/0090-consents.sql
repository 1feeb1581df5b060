-- What was said of consent, by contact point (its keyed hash), purpose and topic; all of it is read from the log.
CREATE TABLE "consents" (
    "Position" INTEGER NOT NULL,
    "Number" INTEGER NOT NULL,
    "Point" TEXT NOT NULL,
    "Purpose" TEXT NOT NULL,
    "Topic" TEXT NOT NULL,
    "State" INTEGER NOT NULL,
    "AtUtc" TEXT NOT NULL,
    "SourceId" INTEGER NOT NULL,
    "Origin" INTEGER NOT NULL,
    "By" TEXT NOT NULL,
    "Wording" INTEGER NOT NULL,
    "Key" TEXT NOT NULL,
    CONSTRAINT "PK_consents" PRIMARY KEY ("Position", "Number")
);

CREATE INDEX "IX_consents_Point" ON "consents" ("Point");
CREATE INDEX "IX_consents_Key" ON "consents" ("Key");

CREATE TABLE "standing_consents" (
    "Point" TEXT NOT NULL,
    "Purpose" TEXT NOT NULL,
    "Topic" TEXT NOT NULL,
    "Kind" INTEGER NOT NULL,
    "State" INTEGER NOT NULL,
    "AtUtc" TEXT NOT NULL,
    "Origin" INTEGER NOT NULL,
    "Wording" INTEGER NOT NULL,
    "Key" TEXT NOT NULL,
    CONSTRAINT "PK_standing_consents" PRIMARY KEY ("Point", "Purpose", "Topic")
);

CREATE INDEX "IX_standing_consents_Kind_Purpose_Topic_State" ON "standing_consents" ("Kind", "Purpose", "Topic", "State");
CREATE INDEX "IX_standing_consents_Key" ON "standing_consents" ("Key");

CREATE TABLE "consent_wordings" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_consent_wordings" PRIMARY KEY,
    "Version" TEXT NOT NULL,
    "Text" TEXT NOT NULL
);

CREATE TABLE "consent_purposes" (
    "Key" TEXT NOT NULL CONSTRAINT "PK_consent_purposes" PRIMARY KEY,
    "Place" INTEGER NOT NULL,
    "Enforcement" INTEGER NOT NULL,
    "Version" INTEGER NOT NULL,
    "Texts" TEXT NOT NULL,
    "Topics" TEXT NOT NULL,
    "Categories" TEXT NOT NULL
);

INSERT INTO "consent_purposes" ("Key", "Place", "Enforcement", "Version", "Texts", "Topics", "Categories") VALUES
    ('commercial', 1, 0, 1, '{}', '[]', 'Advertising' || char(10) || 'Marketing' || char(10) || 'C0004'),
    ('transactional', 2, 1, 1, '{}', '[]', ''),
    ('tracking', 3, 0, 1, '{}', '[]', 'Analytics' || char(10) || 'Statistics' || char(10) || 'Performance' || char(10) || 'C0002');
