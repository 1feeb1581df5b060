CREATE TABLE "audit" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_audit" PRIMARY KEY AUTOINCREMENT,
    "AtUtc" TEXT NOT NULL,
    "Kind" INTEGER NOT NULL,
    "ActorKind" INTEGER NOT NULL,
    "ActorId" TEXT NOT NULL,
    "Actor" TEXT NOT NULL,
    "Method" TEXT NOT NULL,
    "Route" TEXT NOT NULL,
    "Target" TEXT NOT NULL,
    "Status" INTEGER NOT NULL
);

CREATE INDEX "IX_audit_AtUtc" ON "audit" ("AtUtc");

-- The log is added to and never changed, by the program no more than by an owner.
CREATE TRIGGER "audit_is_not_changed" BEFORE UPDATE ON "audit" BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;

CREATE TRIGGER "audit_is_not_deleted" BEFORE DELETE ON "audit" BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
