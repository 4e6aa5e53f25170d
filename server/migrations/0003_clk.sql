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
CREATE UNIQUE INDEX "clocks_running_once" ON "clocks" USING btree ("subject_id","kind") WHERE stopped_at is null and kind <> 'promise';