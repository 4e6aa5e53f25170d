ALTER TABLE "conversations" ADD COLUMN "queue_id" uuid;--> statement-breakpoint
ALTER TABLE "conversations" ADD COLUMN "reason" text;--> statement-breakpoint
ALTER TABLE "conversations" ADD COLUMN "reason_at_open" text;--> statement-breakpoint
ALTER TABLE "conversations" ADD COLUMN "custom_fields" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "conversations" ADD COLUMN "snoozed_until" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "conversations" ADD COLUMN "merged_into_id" uuid;