-- A question belongs to a person or key and not to a name; whoever owns the company sees those that belonged to names.
DROP INDEX "IX_saved_questions_Owner";

ALTER TABLE "saved_questions" ADD COLUMN "OwnerKind" INTEGER NOT NULL DEFAULT 0;

ALTER TABLE "saved_questions" ADD COLUMN "OwnerId" TEXT NOT NULL DEFAULT '';

CREATE INDEX "IX_saved_questions_OwnerKind_OwnerId" ON "saved_questions" ("OwnerKind", "OwnerId");
