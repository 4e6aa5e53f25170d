ALTER TABLE "inbound" ADD COLUMN "identity_id" uuid;--> statement-breakpoint
ALTER TABLE "conversations" ADD COLUMN "own_saying" jsonb;--> statement-breakpoint
ALTER TABLE "held_replies" ADD COLUMN "waiting_since" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "identities" ADD COLUMN "blocked_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "identities" ADD COLUMN "blocked_by" uuid;--> statement-breakpoint
CREATE INDEX "inbound_of_blocked" ON "inbound" USING btree ("identity_id") WHERE identity_id is not null;--> statement-breakpoint
CREATE INDEX "identities_blocked" ON "identities" USING btree ("blocked_at" desc,"id" desc) WHERE blocked_at is not null;