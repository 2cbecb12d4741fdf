-- AlterTable
ALTER TABLE "inbox" ADD COLUMN     "superseded" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "orders" ADD COLUMN     "event_epoch" BIGINT NOT NULL DEFAULT -1,
ADD COLUMN     "event_seq" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "event_time" TIMESTAMPTZ(6) NOT NULL DEFAULT '-infinity'::timestamptz;

-- AlterTable
ALTER TABLE "users" ADD COLUMN     "event_epoch" BIGINT NOT NULL DEFAULT -1,
ADD COLUMN     "event_seq" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "event_time" TIMESTAMPTZ(6) NOT NULL DEFAULT '-infinity'::timestamptz;
