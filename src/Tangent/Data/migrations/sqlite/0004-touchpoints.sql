CREATE TABLE "touchpoint_rules" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_touchpoint_rules" PRIMARY KEY AUTOINCREMENT,
    "Order" INTEGER NOT NULL,
    "Event" TEXT NOT NULL,
    "Channel" TEXT NOT NULL,
    "Source" TEXT NOT NULL,
    "Path" TEXT NOT NULL,
    "Campaign" TEXT NOT NULL,
    "TouchpointId" INTEGER NOT NULL
);

CREATE TABLE "touchpoints" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_touchpoints" PRIMARY KEY AUTOINCREMENT,
    "Name" TEXT NOT NULL,
    "Channel" TEXT NOT NULL,
    "Stage" INTEGER NOT NULL,
    "Control" INTEGER NOT NULL,
    "Directness" INTEGER NOT NULL,
    "Online" INTEGER NOT NULL,
    "Owner" TEXT NOT NULL,
    "Description" TEXT NOT NULL,
    "RetiredUtc" TEXT NULL
);

CREATE UNIQUE INDEX "IX_touchpoints_Name" ON "touchpoints" ("Name");
