-- AlterTable
ALTER TABLE "subscriptions" ADD COLUMN     "retry_policy_by_type" JSONB NOT NULL DEFAULT '{}';
