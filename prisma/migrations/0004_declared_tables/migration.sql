-- CreateTable
CREATE TABLE "table_rows" (
    "ref" TEXT NOT NULL,
    "columns" JSONB NOT NULL,
    "message_id" TEXT NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "event_time" TIMESTAMPTZ(6) NOT NULL,
    "event_epoch" BIGINT NOT NULL,
    "event_seq" BIGINT NOT NULL,

    CONSTRAINT "table_rows_pkey" PRIMARY KEY ("ref")
);
