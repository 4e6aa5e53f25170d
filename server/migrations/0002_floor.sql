CREATE TABLE "saved_views" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"condition" jsonb NOT NULL,
	"sort" text NOT NULL,
	"scope" text NOT NULL,
	"owner_id" uuid NOT NULL,
	"team_id" uuid,
	"position" integer DEFAULT 0 NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "content_rules" (
	"id" uuid PRIMARY KEY NOT NULL,
	"code" text NOT NULL,
	"version" integer NOT NULL,
	"detector" text NOT NULL,
	"channels" text[] NOT NULL,
	"severity" text NOT NULL,
	"is_active" boolean NOT NULL,
	"words" jsonb NOT NULL,
	"source" text NOT NULL,
	"verified_at" date NOT NULL,
	"effective_from" timestamp (3) with time zone NOT NULL,
	"effective_to" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "content_rules_once" UNIQUE("code","version")
);
--> statement-breakpoint
CREATE TABLE "agents" (
	"staff_id" uuid PRIMARY KEY NOT NULL,
	"idle_since" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "channel_weights" (
	"id" uuid PRIMARY KEY NOT NULL,
	"channel_kind" text NOT NULL,
	"units" integer NOT NULL,
	"source" text NOT NULL,
	"effective_from" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "channel_weights_once" UNIQUE("channel_kind","effective_from")
);
--> statement-breakpoint
CREATE TABLE "queues" (
	"id" uuid PRIMARY KEY NOT NULL,
	"code" text,
	"name" text NOT NULL,
	"position" integer NOT NULL,
	"channel_kinds" text[] DEFAULT '{}' NOT NULL,
	"store_ids" uuid[] DEFAULT '{}' NOT NULL,
	"languages" text[] DEFAULT '{}' NOT NULL,
	"reasons" text[] DEFAULT '{}' NOT NULL,
	"customer_tags" text[] DEFAULT '{}' NOT NULL,
	"vip_tags" text[] DEFAULT '{}' NOT NULL,
	"team_ids" uuid[] DEFAULT '{}' NOT NULL,
	"staff_ids" uuid[] DEFAULT '{}' NOT NULL,
	"skills" text[] DEFAULT '{}' NOT NULL,
	"strategy" text DEFAULT 'least_loaded' NOT NULL,
	"pushes" boolean DEFAULT true NOT NULL,
	"sticky_hours" integer,
	"sticky_wait_seconds" integer DEFAULT 0 NOT NULL,
	"overflow_seconds" integer,
	"overflow_queue_id" uuid,
	"out_of_hours" text DEFAULT 'keep_waiting' NOT NULL,
	"out_of_hours_queue_id" uuid,
	"wrap_up_seconds" integer DEFAULT 0 NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"archived_at" timestamp (3) with time zone,
	CONSTRAINT "queues_code_unique" UNIQUE("code")
);
--> statement-breakpoint
CREATE TABLE "availability_log" (
	"id" uuid PRIMARY KEY NOT NULL,
	"staff_id" uuid NOT NULL,
	"state" text NOT NULL,
	"reason" text,
	"at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
DROP INDEX "conversations_waiting_chats";--> statement-breakpoint
ALTER TABLE "conversations" ADD COLUMN "queue_id" uuid;--> statement-breakpoint
ALTER TABLE "conversations" ADD COLUMN "queued_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "conversations" ADD COLUMN "queued_why" text;--> statement-breakpoint
ALTER TABLE "conversations" ADD COLUMN "overflow_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "conversations" ADD COLUMN "is_vip" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "conversations" ADD COLUMN "reason" text;--> statement-breakpoint
ALTER TABLE "conversations" ADD COLUMN "reason_at_open" text;--> statement-breakpoint
ALTER TABLE "conversations" ADD COLUMN "custom_fields" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "conversations" ADD COLUMN "snoozed_until" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "conversations" ADD COLUMN "merged_into_id" uuid;--> statement-breakpoint
ALTER TABLE "staff" ADD COLUMN "capacity" integer DEFAULT 150 NOT NULL;--> statement-breakpoint
ALTER TABLE "staff" ADD COLUMN "zone" text;--> statement-breakpoint
ALTER TABLE "saved_views" ADD CONSTRAINT "saved_views_owner_id_staff_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "saved_views" ADD CONSTRAINT "saved_views_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agents" ADD CONSTRAINT "agents_staff_id_staff_id_fk" FOREIGN KEY ("staff_id") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "availability_log" ADD CONSTRAINT "availability_log_staff_id_staff_id_fk" FOREIGN KEY ("staff_id") REFERENCES "public"."staff"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "saved_views_of_owner" ON "saved_views" USING btree ("owner_id");--> statement-breakpoint
CREATE INDEX "saved_views_of_team" ON "saved_views" USING btree ("team_id");--> statement-breakpoint
CREATE UNIQUE INDEX "content_rules_in_force" ON "content_rules" USING btree ("code") WHERE effective_to is null;--> statement-breakpoint
CREATE INDEX "queues_in_order" ON "queues" USING btree ("position","id") WHERE archived_at is null;--> statement-breakpoint
CREATE INDEX "availability_log_of_staff" ON "availability_log" USING btree ("staff_id","at");--> statement-breakpoint
CREATE INDEX "conversations_in_queue" ON "conversations" USING btree ("queue_id","waiting_since","id") WHERE category in ('new', 'open') and assignee_id is null and waiting_since is not null;--> statement-breakpoint
CREATE INDEX "conversations_unplaced" ON "conversations" USING btree ("waiting_since","id") WHERE category in ('new', 'open') and assignee_id is null and waiting_since is not null and (queued_at is null or queued_at < waiting_since);--> statement-breakpoint
CREATE INDEX "conversations_overflowing" ON "conversations" USING btree ("overflow_at") WHERE category in ('new', 'open') and assignee_id is null and waiting_since is not null and overflow_at is not null;--> statement-breakpoint
CREATE INDEX "conversations_resolved_of" ON "conversations" USING btree ("assignee_id","resolved_at") WHERE resolved_at is not null and assignee_id is not null;--> statement-breakpoint
CREATE INDEX "conversations_snoozed" ON "conversations" USING btree ("snoozed_until") WHERE snoozed_until is not null;