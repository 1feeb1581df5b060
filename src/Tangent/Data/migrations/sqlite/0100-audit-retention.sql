-- Entries of the audit log go when their retention period is over, and only then: in a transaction that says up to when.
CREATE TABLE "audit_retention" (
    "BeforeUtc" TEXT NOT NULL CONSTRAINT "PK_audit_retention" PRIMARY KEY
);

DROP TRIGGER "audit_is_not_deleted";

CREATE TRIGGER "audit_is_not_deleted" BEFORE DELETE ON "audit" WHEN NOT EXISTS (SELECT 1 FROM "audit_retention" WHERE old."AtUtc" < "BeforeUtc")
BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
