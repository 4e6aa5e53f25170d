CREATE TABLE "glossary_terms" (
	"id" uuid PRIMARY KEY NOT NULL,
	"from_language" text,
	"to_language" text,
	"term" text NOT NULL,
	"translation" text,
	"is_case_sensitive" boolean DEFAULT false NOT NULL,
	"is_locked" boolean DEFAULT false NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "glossary_terms_once" UNIQUE NULLS NOT DISTINCT("from_language","to_language","term")
);
--> statement-breakpoint
CREATE TABLE "message_translations" (
	"message_id" uuid NOT NULL,
	"to_language" text NOT NULL,
	"conversation_id" uuid NOT NULL,
	"from_language" text,
	"state" text DEFAULT 'waiting' NOT NULL,
	"reason" text,
	"key" text,
	"asked_at" timestamp (3) with time zone NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"due_at" timestamp (3) with time zone NOT NULL,
	"done_at" timestamp (3) with time zone,
	CONSTRAINT "message_translations_message_id_to_language_pk" PRIMARY KEY("message_id","to_language")
);
--> statement-breakpoint
CREATE TABLE "translation_costs" (
	"day" date NOT NULL,
	"provider_id" uuid NOT NULL,
	"purpose" text NOT NULL,
	"from_language" text NOT NULL,
	"to_language" text NOT NULL,
	"requests" integer DEFAULT 0 NOT NULL,
	"characters" bigint DEFAULT 0 NOT NULL,
	"input_tokens" bigint DEFAULT 0 NOT NULL,
	"output_tokens" bigint DEFAULT 0 NOT NULL,
	"micros" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "translation_costs_pk" PRIMARY KEY("day","provider_id","purpose","from_language","to_language")
);
--> statement-breakpoint
CREATE TABLE "translation_days" (
	"day" date PRIMARY KEY NOT NULL,
	"micros" bigint DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "translation_prices" (
	"id" uuid PRIMARY KEY NOT NULL,
	"provider_id" uuid NOT NULL,
	"per_million_characters" bigint NOT NULL,
	"per_million_input_tokens" bigint NOT NULL,
	"per_million_output_tokens" bigint NOT NULL,
	"source" text NOT NULL,
	"effective_from" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "translation_prices_once" UNIQUE("provider_id","effective_from")
);
--> statement-breakpoint
CREATE TABLE "translation_providers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"base_url" text NOT NULL,
	"model" text,
	"key_sealed" text,
	"position" integer NOT NULL,
	"is_active" boolean DEFAULT true NOT NULL,
	"from_languages" text[] DEFAULT '{}' NOT NULL,
	"to_languages" text[] DEFAULT '{}' NOT NULL,
	"at_once" integer DEFAULT 4 NOT NULL,
	"failures" integer DEFAULT 0 NOT NULL,
	"paused_until" timestamp (3) with time zone,
	"failure" text,
	"failed_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"archived_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "translation_settings" (
	"is_only" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"currency" text DEFAULT 'USD' NOT NULL,
	"daily_budget_micros" bigint DEFAULT 10000000 NOT NULL,
	"is_automatic" boolean DEFAULT true NOT NULL,
	"glossary_version" integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "translations" (
	"key" text PRIMARY KEY NOT NULL,
	"text" text NOT NULL,
	"from_language" text,
	"to_language" text NOT NULL,
	"provider_id" uuid NOT NULL,
	"missing_terms" text[] DEFAULT '{}' NOT NULL,
	"micros" bigint NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "bulk_items" (
	"job_id" uuid NOT NULL,
	"place" integer NOT NULL,
	"conversation_id" uuid NOT NULL,
	"state" text DEFAULT 'waiting' NOT NULL,
	"code" text,
	"undo" jsonb,
	"left" jsonb,
	CONSTRAINT "bulk_items_job_id_place_pk" PRIMARY KEY("job_id","place"),
	CONSTRAINT "bulk_items_once" UNIQUE("job_id","conversation_id")
);
--> statement-breakpoint
CREATE TABLE "bulk_jobs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"started_by" uuid NOT NULL,
	"actions" jsonb NOT NULL,
	"undoes_id" uuid,
	"state" text DEFAULT 'running' NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"undoable_until" timestamp (3) with time zone,
	CONSTRAINT "bulk_jobs_undone_once" UNIQUE("undoes_id")
);
--> statement-breakpoint
CREATE TABLE "conversation_links" (
	"id" uuid PRIMARY KEY NOT NULL,
	"from_id" uuid NOT NULL,
	"to_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"by" uuid,
	CONSTRAINT "conversation_links_of_two" CHECK (from_id <> to_id)
);
--> statement-breakpoint
CREATE TABLE "conversation_merges" (
	"id" uuid PRIMARY KEY NOT NULL,
	"from_id" uuid NOT NULL,
	"into_id" uuid NOT NULL,
	"from_stood" jsonb NOT NULL,
	"into_waiting_since" timestamp (3) with time zone,
	"into_seq" integer NOT NULL,
	"carried_ids" uuid[] DEFAULT '{}' NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"by" uuid,
	"undone_at" timestamp (3) with time zone,
	"undone_by" uuid
);
--> statement-breakpoint
CREATE TABLE "conversation_fields" (
	"id" uuid PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"name_zh" text NOT NULL,
	"name_en" text NOT NULL,
	"type" text NOT NULL,
	"choices" text[] DEFAULT '{}' NOT NULL,
	"is_required" boolean DEFAULT false NOT NULL,
	"reason_groups" text[] DEFAULT '{}' NOT NULL,
	"channel_kinds" text[] DEFAULT '{}' NOT NULL,
	"store_id" uuid,
	"position" integer DEFAULT 0 NOT NULL,
	"is_active" boolean DEFAULT true NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "conversation_fields_key_unique" UNIQUE("key")
);
--> statement-breakpoint
CREATE TABLE "quick_reply_uses" (
	"id" uuid PRIMARY KEY NOT NULL,
	"quick_reply_id" uuid NOT NULL,
	"conversation_id" uuid NOT NULL,
	"by_id" uuid,
	"client_id" uuid NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"undo" jsonb NOT NULL,
	"version_after" integer NOT NULL,
	"undone_at" timestamp (3) with time zone,
	CONSTRAINT "quick_reply_uses_once" UNIQUE("conversation_id","client_id")
);
--> statement-breakpoint
CREATE TABLE "conversation_splits" (
	"into_id" uuid PRIMARY KEY NOT NULL,
	"from_id" uuid NOT NULL,
	"message_ids" uuid[] DEFAULT '{}' NOT NULL,
	"client_id" uuid NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"by" uuid,
	CONSTRAINT "conversation_splits_once" UNIQUE("from_id","client_id")
);
--> statement-breakpoint
CREATE TABLE "conversation_summaries" (
	"id" uuid PRIMARY KEY NOT NULL,
	"conversation_id" uuid NOT NULL,
	"wanted" text NOT NULL,
	"done" text NOT NULL,
	"promised" text NOT NULL,
	"by_id" uuid,
	"written_at" timestamp (3) with time zone NOT NULL,
	"closed_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "contact_reveals" (
	"id" uuid PRIMARY KEY NOT NULL,
	"customer_id" uuid NOT NULL,
	"identity_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"reason" text NOT NULL,
	"note" text NOT NULL,
	"by" uuid NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "flow_runs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"flow_id" uuid NOT NULL,
	"version_id" uuid NOT NULL,
	"record_id" uuid NOT NULL,
	"enrolment" text NOT NULL,
	"event_id" bigint,
	"depth" integer DEFAULT 0 NOT NULL,
	"barred" text,
	"state" text DEFAULT 'due' NOT NULL,
	"ending" text,
	"reason" text,
	"place" text,
	"wake_at" timestamp (3) with time zone,
	"wakes_on" text,
	"attempts" integer DEFAULT 0 NOT NULL,
	"has_acted" boolean DEFAULT false NOT NULL,
	"enrolled_at" timestamp (3) with time zone NOT NULL,
	"started_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "flow_runs_enrolment_unique" UNIQUE("enrolment")
);
--> statement-breakpoint
CREATE TABLE "flow_spending" (
	"flow_id" uuid NOT NULL,
	"hour" timestamp (3) with time zone NOT NULL,
	"runs" integer DEFAULT 0 NOT NULL,
	"sends" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "flow_spending_flow_id_hour_pk" PRIMARY KEY("flow_id","hour")
);
--> statement-breakpoint
CREATE TABLE "flow_steps" (
	"run_id" uuid NOT NULL,
	"place" text NOT NULL,
	"n" integer NOT NULL,
	"outcome" text NOT NULL,
	"code" text,
	"words" text,
	"undo" jsonb,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "flow_steps_run_id_place_pk" PRIMARY KEY("run_id","place")
);
--> statement-breakpoint
CREATE TABLE "flow_versions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"flow_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"name" text NOT NULL,
	"terms" jsonb NOT NULL,
	"store_ids" uuid[],
	"published_by" uuid NOT NULL,
	"published_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "flow_versions_once" UNIQUE("flow_id","number")
);
--> statement-breakpoint
CREATE TABLE "flows" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"record" text NOT NULL,
	"position" integer NOT NULL,
	"state" text DEFAULT 'off' NOT NULL,
	"suspended_why" text,
	"suspended_at" timestamp (3) with time zone,
	"draft" jsonb NOT NULL,
	"published_id" uuid,
	"seed" text,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	"next_at" timestamp (3) with time zone,
	"walk_at" timestamp (3) with time zone,
	"walked_to" uuid,
	CONSTRAINT "flows_seed_unique" UNIQUE("seed")
);
--> statement-breakpoint
CREATE TABLE "data_exports" (
	"id" uuid PRIMARY KEY NOT NULL,
	"staff_id" uuid NOT NULL,
	"matter" jsonb NOT NULL,
	"format" text NOT NULL,
	"state" text DEFAULT 'waiting' NOT NULL,
	"rows_done" integer DEFAULT 0 NOT NULL,
	"is_cut" boolean DEFAULT false NOT NULL,
	"name" text NOT NULL,
	"sha256" text,
	"size" bigint,
	"reason" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"finished_at" timestamp (3) with time zone,
	"expires_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "resolutions" (
	"event_id" bigint PRIMARY KEY NOT NULL,
	"conversation_id" uuid NOT NULL,
	"staff_id" uuid,
	"resolved_at" timestamp (3) with time zone NOT NULL,
	"reopened_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "message_search" (
	"message_id" uuid PRIMARY KEY NOT NULL,
	"conversation_id" uuid NOT NULL,
	"store_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"author_id" uuid,
	"at" timestamp (3) with time zone NOT NULL,
	"words" "tsvector" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "search_progress" (
	"id" integer PRIMARY KEY NOT NULL,
	"event_id" bigint NOT NULL,
	"message_id" uuid NOT NULL,
	"walked" bigint NOT NULL,
	"completed_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "audit_verifications" (
	"id" uuid PRIMARY KEY NOT NULL,
	"asked_by" uuid,
	"asked_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"done_at" timestamp (3) with time zone,
	"entries" bigint,
	"anchor_n" bigint,
	"fault" text,
	"fault_n" bigint
);
--> statement-breakpoint
CREATE TABLE "giver_trips" (
	"state_hash" text PRIMARY KEY NOT NULL,
	"browser_hash" text NOT NULL,
	"giver_id" uuid NOT NULL,
	"next" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "identity_givers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"issuer" text NOT NULL,
	"client_id" text NOT NULL,
	"secret_sealed" text,
	"domains" text[] DEFAULT '{}' NOT NULL,
	"joins_as" uuid,
	"joins_store_ids" uuid[],
	"role_claim" text,
	"role_map" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"team_claim" text,
	"team_map" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"is_second_factor" boolean DEFAULT false NOT NULL,
	"is_only_way" boolean DEFAULT false NOT NULL,
	"is_enabled" boolean DEFAULT false NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "notification_settings" (
	"staff_id" uuid PRIMARY KEY NOT NULL,
	"settings" jsonb NOT NULL,
	"changed_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "quick_replies" DROP CONSTRAINT "quick_replies_once";--> statement-breakpoint
ALTER TABLE "inbound" ADD COLUMN "identity_id" uuid;--> statement-breakpoint
ALTER TABLE "contact_reasons" ADD COLUMN "summary_template" jsonb DEFAULT '{"wanted":"","done":"","promised":""}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "conversations" ADD COLUMN "summary" text;--> statement-breakpoint
ALTER TABLE "conversations" ADD COLUMN "spam_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "conversations" ADD COLUMN "own_saying" jsonb;--> statement-breakpoint
ALTER TABLE "held_replies" ADD COLUMN "waiting_since" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "original" jsonb;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "is_whisper" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "waited_ms" bigint;--> statement-breakpoint
ALTER TABLE "quick_replies" ADD COLUMN "translations" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "quick_replies" ADD COLUMN "category" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "quick_replies" ADD COLUMN "file_ids" uuid[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "quick_replies" ADD COLUMN "steps" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "quick_replies" ADD COLUMN "sends_at_once" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "quick_replies" ADD COLUMN "version" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "identities" ADD COLUMN "blocked_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "identities" ADD COLUMN "blocked_by" uuid;--> statement-breakpoint
ALTER TABLE "company" ADD COLUMN "reveals_per_hour" integer DEFAULT 20 NOT NULL;--> statement-breakpoint
ALTER TABLE "company" ADD COLUMN "summary_policy" text DEFAULT 'none' NOT NULL;--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "previous_hash" text;--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "previous_until" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "permissions" text[];--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "networks" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "last_used_ip" text;--> statement-breakpoint
ALTER TABLE "roles" ADD COLUMN "reach" text DEFAULT 'stores' NOT NULL;--> statement-breakpoint
ALTER TABLE "staff" ADD COLUMN "reads" text[];--> statement-breakpoint
ALTER TABLE "message_translations" ADD CONSTRAINT "message_translations_message_id_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."messages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "message_translations" ADD CONSTRAINT "message_translations_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "message_translations" ADD CONSTRAINT "message_translations_key_translations_key_fk" FOREIGN KEY ("key") REFERENCES "public"."translations"("key") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "translation_costs" ADD CONSTRAINT "translation_costs_provider_id_translation_providers_id_fk" FOREIGN KEY ("provider_id") REFERENCES "public"."translation_providers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "translation_prices" ADD CONSTRAINT "translation_prices_provider_id_translation_providers_id_fk" FOREIGN KEY ("provider_id") REFERENCES "public"."translation_providers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "translations" ADD CONSTRAINT "translations_provider_id_translation_providers_id_fk" FOREIGN KEY ("provider_id") REFERENCES "public"."translation_providers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bulk_items" ADD CONSTRAINT "bulk_items_job_id_bulk_jobs_id_fk" FOREIGN KEY ("job_id") REFERENCES "public"."bulk_jobs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bulk_items" ADD CONSTRAINT "bulk_items_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bulk_jobs" ADD CONSTRAINT "bulk_jobs_started_by_staff_id_fk" FOREIGN KEY ("started_by") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "conversation_links" ADD CONSTRAINT "conversation_links_from_id_conversations_id_fk" FOREIGN KEY ("from_id") REFERENCES "public"."conversations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "conversation_links" ADD CONSTRAINT "conversation_links_to_id_conversations_id_fk" FOREIGN KEY ("to_id") REFERENCES "public"."conversations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "conversation_merges" ADD CONSTRAINT "conversation_merges_from_id_conversations_id_fk" FOREIGN KEY ("from_id") REFERENCES "public"."conversations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "conversation_merges" ADD CONSTRAINT "conversation_merges_into_id_conversations_id_fk" FOREIGN KEY ("into_id") REFERENCES "public"."conversations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quick_reply_uses" ADD CONSTRAINT "quick_reply_uses_quick_reply_id_quick_replies_id_fk" FOREIGN KEY ("quick_reply_id") REFERENCES "public"."quick_replies"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quick_reply_uses" ADD CONSTRAINT "quick_reply_uses_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "conversation_splits" ADD CONSTRAINT "conversation_splits_into_id_conversations_id_fk" FOREIGN KEY ("into_id") REFERENCES "public"."conversations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "conversation_splits" ADD CONSTRAINT "conversation_splits_from_id_conversations_id_fk" FOREIGN KEY ("from_id") REFERENCES "public"."conversations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "conversation_summaries" ADD CONSTRAINT "conversation_summaries_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contact_reveals" ADD CONSTRAINT "contact_reveals_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "flow_runs" ADD CONSTRAINT "flow_runs_flow_id_flows_id_fk" FOREIGN KEY ("flow_id") REFERENCES "public"."flows"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "flow_runs" ADD CONSTRAINT "flow_runs_version_id_flow_versions_id_fk" FOREIGN KEY ("version_id") REFERENCES "public"."flow_versions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "flow_spending" ADD CONSTRAINT "flow_spending_flow_id_flows_id_fk" FOREIGN KEY ("flow_id") REFERENCES "public"."flows"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "flow_steps" ADD CONSTRAINT "flow_steps_run_id_flow_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."flow_runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "flow_versions" ADD CONSTRAINT "flow_versions_flow_id_flows_id_fk" FOREIGN KEY ("flow_id") REFERENCES "public"."flows"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "data_exports" ADD CONSTRAINT "data_exports_staff_id_staff_id_fk" FOREIGN KEY ("staff_id") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "resolutions" ADD CONSTRAINT "resolutions_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "message_search" ADD CONSTRAINT "message_search_message_id_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."messages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "giver_trips" ADD CONSTRAINT "giver_trips_giver_id_identity_givers_id_fk" FOREIGN KEY ("giver_id") REFERENCES "public"."identity_givers"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "identity_givers" ADD CONSTRAINT "identity_givers_joins_as_roles_id_fk" FOREIGN KEY ("joins_as") REFERENCES "public"."roles"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notification_settings" ADD CONSTRAINT "notification_settings_staff_id_staff_id_fk" FOREIGN KEY ("staff_id") REFERENCES "public"."staff"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "message_translations_of_conversation" ON "message_translations" USING btree ("conversation_id","message_id");--> statement-breakpoint
CREATE INDEX "message_translations_waiting" ON "message_translations" USING btree ("asked_at") WHERE state = 'waiting';--> statement-breakpoint
CREATE INDEX "message_translations_by_key" ON "message_translations" USING btree ("key");--> statement-breakpoint
CREATE INDEX "translation_providers_in_order" ON "translation_providers" USING btree ("position","id") WHERE archived_at is null;--> statement-breakpoint
CREATE INDEX "translations_by_age" ON "translations" USING btree ("at");--> statement-breakpoint
CREATE INDEX "bulk_items_waiting" ON "bulk_items" USING btree ("job_id","place") WHERE state = 'waiting';--> statement-breakpoint
CREATE INDEX "bulk_jobs_running" ON "bulk_jobs" USING btree ("id") WHERE state = 'running';--> statement-breakpoint
CREATE INDEX "bulk_jobs_of_staff" ON "bulk_jobs" USING btree ("started_by","id");--> statement-breakpoint
CREATE UNIQUE INDEX "conversation_links_once" ON "conversation_links" USING btree (least(from_id, to_id),greatest(from_id, to_id),"kind");--> statement-breakpoint
CREATE INDEX "conversation_links_from" ON "conversation_links" USING btree ("from_id");--> statement-breakpoint
CREATE INDEX "conversation_links_to" ON "conversation_links" USING btree ("to_id");--> statement-breakpoint
CREATE UNIQUE INDEX "conversation_merges_one_standing" ON "conversation_merges" USING btree ("from_id") WHERE undone_at is null;--> statement-breakpoint
CREATE INDEX "conversation_merges_into" ON "conversation_merges" USING btree ("into_id") WHERE undone_at is null;--> statement-breakpoint
CREATE INDEX "quick_reply_uses_recent" ON "quick_reply_uses" USING btree ("quick_reply_id","at");--> statement-breakpoint
CREATE INDEX "conversation_splits_from" ON "conversation_splits" USING btree ("from_id");--> statement-breakpoint
CREATE INDEX "conversation_summaries_of" ON "conversation_summaries" USING btree ("conversation_id","written_at");--> statement-breakpoint
CREATE UNIQUE INDEX "conversation_summaries_in_hand" ON "conversation_summaries" USING btree ("conversation_id") WHERE closed_at is null;--> statement-breakpoint
CREATE INDEX "contact_reveals_of_customer" ON "contact_reveals" USING btree ("customer_id","at");--> statement-breakpoint
CREATE INDEX "contact_reveals_by_person" ON "contact_reveals" USING btree ("by","at");--> statement-breakpoint
CREATE INDEX "flow_runs_due" ON "flow_runs" USING btree ("wake_at","id") WHERE wake_at is not null;--> statement-breakpoint
CREATE INDEX "flow_runs_of_record" ON "flow_runs" USING btree ("record_id","id");--> statement-breakpoint
CREATE INDEX "flow_runs_of_flow" ON "flow_runs" USING btree ("flow_id","id");--> statement-breakpoint
CREATE INDEX "flow_runs_acted" ON "flow_runs" USING btree ("flow_id","record_id","started_at") WHERE has_acted;--> statement-breakpoint
CREATE INDEX "flow_runs_started" ON "flow_runs" USING btree ("flow_id","started_at");--> statement-breakpoint
CREATE INDEX "flow_runs_waiting_for" ON "flow_runs" USING btree ("record_id","wakes_on") WHERE wakes_on is not null;--> statement-breakpoint
CREATE INDEX "flows_due" ON "flows" USING btree ("next_at") WHERE state = 'on' and next_at is not null;--> statement-breakpoint
CREATE INDEX "data_exports_of_staff" ON "data_exports" USING btree ("staff_id","created_at");--> statement-breakpoint
CREATE INDEX "data_exports_expiring" ON "data_exports" USING btree ("expires_at") WHERE state = 'done';--> statement-breakpoint
CREATE INDEX "resolutions_of_conversation" ON "resolutions" USING btree ("conversation_id","resolved_at");--> statement-breakpoint
CREATE INDEX "resolutions_by_time" ON "resolutions" USING btree ("resolved_at");--> statement-breakpoint
CREATE INDEX "message_search_words" ON "message_search" USING gin ("words") WITH (gin_pending_list_limit=512);--> statement-breakpoint
CREATE INDEX "message_search_newest" ON "message_search" USING btree ("at" desc);--> statement-breakpoint
CREATE INDEX "message_search_of_conversation" ON "message_search" USING btree ("conversation_id","at" desc);--> statement-breakpoint
CREATE INDEX "audit_verifications_newest" ON "audit_verifications" USING btree ("asked_at");--> statement-breakpoint
CREATE INDEX "giver_trips_by_expiry" ON "giver_trips" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "audit_entries_by_actor" ON "audit_entries" USING btree ("actor_id","id");--> statement-breakpoint
CREATE INDEX "audit_entries_by_object" ON "audit_entries" USING btree ("object","id");--> statement-breakpoint
CREATE INDEX "inbound_of_blocked" ON "inbound" USING btree ("identity_id") WHERE identity_id is not null;--> statement-breakpoint
CREATE INDEX "clocks_by_start" ON "clocks" USING brin ("started_at");--> statement-breakpoint
CREATE INDEX "assignments_by_time" ON "assignments" USING brin ("at");--> statement-breakpoint
CREATE INDEX "conversations_by_number" ON "conversations" USING btree ("number");--> statement-breakpoint
CREATE INDEX "conversations_by_opening" ON "conversations" USING btree ("opened_at");--> statement-breakpoint
CREATE INDEX "conversations_by_resolution" ON "conversations" USING btree ("resolved_at") WHERE resolved_at is not null;--> statement-breakpoint
CREATE INDEX "conversations_spam" ON "conversations" USING btree ("last_activity_at" desc,"id" desc) WHERE spam_at is not null;--> statement-breakpoint
CREATE INDEX "messages_answering" ON "messages" USING btree ("created_at") WHERE waited_ms is not null;--> statement-breakpoint
CREATE INDEX "identities_blocked" ON "identities" USING btree ("blocked_at" desc,"id" desc) WHERE blocked_at is not null;--> statement-breakpoint
ALTER TABLE "quick_replies" ADD CONSTRAINT "quick_replies_once" UNIQUE NULLS NOT DISTINCT("shortcut","language","owner_id","store_id");--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_previous_hash" UNIQUE("previous_hash");
--> statement-breakpoint
-- by hand
-- Quick replies named their variables by one word.
UPDATE "quick_replies" SET "text" = regexp_replace(regexp_replace("text", '\{\{\s*(customer|agent|store)\s*\}\}', '{{\1.name}}', 'g'), '\{\{\s*number\s*\}\}', '{{conversation.number}}', 'g') WHERE "text" LIKE '%{{%';
--> statement-breakpoint
INSERT INTO "resolutions" ("event_id", "conversation_id", "staff_id", "resolved_at", "reopened_at")
SELECT e.id, e.conversation_id, (e.payload->>'staffId')::uuid, e.at, (
	SELECT min(o.at) FROM events o WHERE o.conversation_id = e.conversation_id AND o.id > e.id
		AND o.name = 'conversation.opened' AND (o.payload->>'reopened')::boolean
		AND NOT EXISTS (SELECT FROM events r WHERE r.conversation_id = e.conversation_id AND r.name = 'conversation.resolved' AND r.id > e.id AND r.id < o.id))
FROM (SELECT * FROM events WHERE name = 'conversation.resolved' AND conversation_id IS NOT NULL) e
JOIN conversations c ON c.id = e.conversation_id;--> statement-breakpoint
UPDATE "messages" SET "waited_ms" = greatest(0, extract(epoch FROM "messages"."created_at" - waits.since) * 1000)::bigint
FROM (
	SELECT id, is_answer, min(created_at) FILTER (WHERE kind = 'customer') OVER (PARTITION BY conversation_id, stretch) AS since
	FROM (
		SELECT id, conversation_id, kind, created_at, kind = 'reply' AND author_kind = 'staff' AS is_answer,
			count(*) FILTER (WHERE kind = 'reply' AND author_kind = 'staff') OVER (PARTITION BY conversation_id ORDER BY seq ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS stretch
		FROM "messages" WHERE kind IN ('customer', 'reply')
			AND NOT EXISTS (SELECT FROM conversations c WHERE c.id = conversation_id AND c.resolved_at = c.opened_at)
	) AS placed
) AS waits
WHERE waits.id = "messages"."id" AND waits.is_answer AND waits.since IS NOT NULL;
