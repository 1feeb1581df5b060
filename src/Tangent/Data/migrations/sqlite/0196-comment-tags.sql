-- Tags that people set on comments. A comment is made from the log; its id stays the same when that is read anew.
CREATE TABLE "comment_tags" (
    "FeedbackId" TEXT NOT NULL,
    "Tag" TEXT NOT NULL,
    "Key" TEXT NOT NULL,
    "SaidUtc" TEXT NOT NULL,
    "By" TEXT NOT NULL,
    CONSTRAINT "PK_comment_tags" PRIMARY KEY ("FeedbackId", "Tag")
);

CREATE INDEX "IX_comment_tags_Key" ON "comment_tags" ("Key");

CREATE INDEX "IX_comment_tags_Tag" ON "comment_tags" ("Tag");
