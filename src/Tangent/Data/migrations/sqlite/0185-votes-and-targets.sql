-- How important people of the company think a touchpoint is, and what its scores are to reach by when.
CREATE TABLE "touchpoint_votes" (
    "TouchpointId" INTEGER NOT NULL,
    "Voter" TEXT NOT NULL,
    "Importance" INTEGER NULL,
    "MomentOfTruth" INTEGER NOT NULL,
    "ChangedUtc" TEXT NOT NULL,
    CONSTRAINT "PK_touchpoint_votes" PRIMARY KEY ("TouchpointId", "Voter")
);

CREATE TABLE "score_targets" (
    "TouchpointId" INTEGER NOT NULL,
    "Metric" INTEGER NOT NULL,
    "Value" REAL NOT NULL,
    "By" TEXT NULL,
    "SetBy" TEXT NOT NULL,
    "ChangedUtc" TEXT NOT NULL,
    CONSTRAINT "PK_score_targets" PRIMARY KEY ("TouchpointId", "Metric")
);
