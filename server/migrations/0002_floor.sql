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
CREATE INDEX "conversations_snoozed" ON "conversations" USING btree ("snoozed_until") WHERE snoozed_until is not null;--> statement-breakpoint
CREATE TABLE "clock_escalations" (
	"clock_id" uuid NOT NULL,
	"step" smallint NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "clock_escalations_clock_id_step_pk" PRIMARY KEY("clock_id","step")
);--> statement-breakpoint
CREATE TABLE "clock_pauses" (
	"id" uuid PRIMARY KEY NOT NULL,
	"clock_id" uuid NOT NULL,
	"reason" text NOT NULL,
	"began_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"by_id" uuid
);--> statement-breakpoint
DROP INDEX "clock_policies_of_store";--> statement-breakpoint
DROP INDEX "clock_policies_of_company";--> statement-breakpoint
DROP INDEX "clocks_running_once";--> statement-breakpoint
ALTER TABLE "clocks" ALTER COLUMN "policy_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "clock_policies" ADD COLUMN "names" jsonb;--> statement-breakpoint
ALTER TABLE "clock_policies" RENAME COLUMN "channel_kind" TO "channel";--> statement-breakpoint
ALTER TABLE "clock_policies" ADD COLUMN "sites" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "clock_policies" ADD COLUMN "trigger" text;--> statement-breakpoint
ALTER TABLE "clock_policies" ADD COLUMN "window_value" integer;--> statement-breakpoint
ALTER TABLE "clock_policies" ADD COLUMN "window_unit" text;--> statement-breakpoint
ALTER TABLE "clock_policies" ADD COLUMN "ring_seconds" integer;--> statement-breakpoint
ALTER TABLE "clock_policies" ADD COLUMN "calendar_id" uuid;--> statement-breakpoint
ALTER TABLE "clock_policies" ADD COLUMN "country" text;--> statement-breakpoint
ALTER TABLE "clock_policies" ADD COLUMN "zone" text;--> statement-breakpoint
ALTER TABLE "clock_policies" ADD COLUMN "weekend_due_at" text;--> statement-breakpoint
ALTER TABLE "clock_policies" ADD COLUMN "stops_on" text[];--> statement-breakpoint
ALTER TABLE "clock_policies" ADD COLUMN "pauses_on" text[];--> statement-breakpoint
ALTER TABLE "clock_policies" ADD COLUMN "pause_cap_hours" integer;--> statement-breakpoint
ALTER TABLE "clock_policies" ADD COLUMN "escalations" jsonb;--> statement-breakpoint
ALTER TABLE "clock_policies" ADD COLUMN "on_expiry" text;--> statement-breakpoint
ALTER TABLE "clock_policies" ADD COLUMN "target" jsonb;--> statement-breakpoint
ALTER TABLE "clock_policies" ADD COLUMN "severity" smallint;--> statement-breakpoint
ALTER TABLE "clock_policies" ADD COLUMN "source_url" text;--> statement-breakpoint
ALTER TABLE "clocks" ADD COLUMN "window_ms" bigint;--> statement-breakpoint
ALTER TABLE "clocks" ADD COLUMN "calendar_key" text collate "C";--> statement-breakpoint
ALTER TABLE "clocks" ADD COLUMN "follows_store" boolean;--> statement-breakpoint
ALTER TABLE "clocks" ADD COLUMN "told" smallint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "clocks" ADD COLUMN "paused_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "clocks" ADD COLUMN "pause_reason" text;--> statement-breakpoint
ALTER TABLE "clocks" ADD COLUMN "has_paused" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "clocks" ADD COLUMN "own_ms" bigint;--> statement-breakpoint
ALTER TABLE "clocks" ADD COLUMN "felt_ms" bigint;--> statement-breakpoint
ALTER TABLE "clocks" ADD COLUMN "promise" text;--> statement-breakpoint
ALTER TABLE "clocks" ADD COLUMN "promised_by" uuid;--> statement-breakpoint
-- What was decided before names had two languages and windows had units goes on as it was.
UPDATE "clock_policies" SET "names" = case code
    when 'chat-first-response' then '{"zh": "在线客服：30 秒内首次响应", "en": "Chat: first response in 30 s"}'
    when 'mail-first-response' then '{"zh": "邮件：4 小时内首次响应", "en": "Mail: first response in 4 h"}'
    else jsonb_build_object('zh', name, 'en', name) end,
  "trigger" = case kind when 'resolution' then 'opened' else 'oldest_unanswered_message' end,
  "stops_on" = case kind when 'resolution' then '{resolved}'::text[] else '{human_reply,mark_spam,resolved}'::text[] end,
  "pauses_on" = '{}', "escalations" = '[]', "on_expiry" = 'metric_miss', "severity" = 2,
  "window_value" = window_seconds, "window_unit" = 'second';--> statement-breakpoint
-- An empty key is no clock's: what runs is reckoned again by the hours of today.
UPDATE "clocks" SET "window_ms" = p.window_seconds * 1000::bigint, "follows_store" = p.calendar = 'store',
  "calendar_key" = case p.calendar when 'always' then 'always' else '' end,
  "told" = (select count(*) from unnest(moments) as moment where next_at is null or moment < next_at)
FROM "clock_policies" p WHERE p.id = policy_id;--> statement-breakpoint
ALTER TABLE "clock_policies" ALTER COLUMN "names" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "clock_policies" ALTER COLUMN "trigger" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "clock_policies" ALTER COLUMN "stops_on" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "clock_policies" ALTER COLUMN "pauses_on" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "clock_policies" ALTER COLUMN "escalations" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "clock_policies" ALTER COLUMN "on_expiry" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "clock_policies" ALTER COLUMN "severity" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "clocks" ALTER COLUMN "window_ms" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "clocks" ALTER COLUMN "calendar_key" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "clocks" ALTER COLUMN "follows_store" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "clock_policies" DROP COLUMN "name";--> statement-breakpoint
ALTER TABLE "clock_policies" DROP COLUMN "window_seconds";--> statement-breakpoint
ALTER TABLE "conversations" ADD COLUMN "waiting_for" text;--> statement-breakpoint
ALTER TABLE "clock_escalations" ADD CONSTRAINT "clock_escalations_clock_id_clocks_id_fk" FOREIGN KEY ("clock_id") REFERENCES "public"."clocks"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "clock_pauses" ADD CONSTRAINT "clock_pauses_clock_id_clocks_id_fk" FOREIGN KEY ("clock_id") REFERENCES "public"."clocks"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "clock_pauses_of_clock" ON "clock_pauses" USING btree ("clock_id","began_at");--> statement-breakpoint
CREATE UNIQUE INDEX "clock_pauses_one_open" ON "clock_pauses" USING btree ("clock_id") WHERE ended_at is null;--> statement-breakpoint
ALTER TABLE "clock_policies" ADD CONSTRAINT "clock_policies_calendar_id_calendars_id_fk" FOREIGN KEY ("calendar_id") REFERENCES "public"."calendars"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "clock_policies_of_channel" ON "clock_policies" USING btree ("channel");--> statement-breakpoint
CREATE INDEX "clocks_of_subject" ON "clocks" USING btree ("subject_id");--> statement-breakpoint
CREATE INDEX "clocks_by_store_hours" ON "clocks" USING btree ("store_id","calendar_key") WHERE stopped_at is null and breached_at is null and follows_store;--> statement-breakpoint
CREATE INDEX "clocks_by_own_hours" ON "clocks" USING btree ("calendar_key") WHERE stopped_at is null and breached_at is null and not follows_store and calendar_key <> 'always';--> statement-breakpoint
CREATE UNIQUE INDEX "clock_policies_of_store" ON "clock_policies" USING btree ("store_id","channel","kind","sites") WHERE effective_to is null;--> statement-breakpoint
CREATE UNIQUE INDEX "clock_policies_of_company" ON "clock_policies" USING btree ("channel","kind","sites") WHERE effective_to is null and store_id is null;--> statement-breakpoint
CREATE UNIQUE INDEX "clocks_running_once" ON "clocks" USING btree ("subject_id","kind") WHERE stopped_at is null and kind <> 'promise';--> statement-breakpoint
CREATE TABLE "contact_reasons" (
	"code" text PRIMARY KEY NOT NULL,
	"group_code" text,
	"name_zh" text NOT NULL,
	"name_en" text NOT NULL,
	"strategy_zh" text DEFAULT '' NOT NULL,
	"strategy_en" text DEFAULT '' NOT NULL,
	"automation" text DEFAULT 'draft' NOT NULL,
	"owner_department" text DEFAULT '' NOT NULL,
	"position" integer DEFAULT 0 NOT NULL,
	"is_active" boolean DEFAULT true NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "reason_models" (
	"id" uuid PRIMARY KEY NOT NULL,
	"trained_at" timestamp (3) with time zone NOT NULL,
	"examples" integer NOT NULL,
	"own_examples" integer NOT NULL,
	"tried_on" text NOT NULL,
	"tried" integer NOT NULL,
	"correct" integer NOT NULL,
	"confusion" jsonb NOT NULL,
	"model" jsonb NOT NULL,
	"labels_since" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
ALTER TABLE "company" ADD COLUMN "requires_reason" boolean DEFAULT false NOT NULL;