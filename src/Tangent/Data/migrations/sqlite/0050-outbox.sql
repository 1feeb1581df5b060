CREATE TABLE "outgoing_letters" (
    "Id" TEXT NOT NULL CONSTRAINT "PK_outgoing_letters" PRIMARY KEY,
    "Reason" TEXT NULL,
    "Recipient" TEXT NOT NULL,
    "Subject" TEXT NOT NULL,
    "Content" TEXT NOT NULL,
    "State" INTEGER NOT NULL,
    "Attempts" INTEGER NOT NULL,
    "CreatedUtc" TEXT NOT NULL,
    "NextAttemptUtc" TEXT NOT NULL,
    "SentUtc" TEXT NULL,
    "Refusal" TEXT NULL
);


CREATE UNIQUE INDEX "IX_outgoing_letters_Reason" ON "outgoing_letters" ("Reason");


CREATE INDEX "IX_outgoing_letters_State_NextAttemptUtc" ON "outgoing_letters" ("State", "NextAttemptUtc");
