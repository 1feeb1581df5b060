-- Whoever searches customers by the number of an order, invoice or ticket finds whose it is.
CREATE INDEX "IX_record_owners_RecordId" ON "record_owners" ("RecordId");
