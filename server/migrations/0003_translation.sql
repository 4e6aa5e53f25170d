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
ALTER TABLE "messages" ADD COLUMN "original" jsonb;--> statement-breakpoint
ALTER TABLE "staff" ADD COLUMN "reads" text[];--> statement-breakpoint
ALTER TABLE "message_translations" ADD CONSTRAINT "message_translations_message_id_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."messages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "message_translations" ADD CONSTRAINT "message_translations_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "message_translations" ADD CONSTRAINT "message_translations_key_translations_key_fk" FOREIGN KEY ("key") REFERENCES "public"."translations"("key") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "translation_costs" ADD CONSTRAINT "translation_costs_provider_id_translation_providers_id_fk" FOREIGN KEY ("provider_id") REFERENCES "public"."translation_providers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "translation_prices" ADD CONSTRAINT "translation_prices_provider_id_translation_providers_id_fk" FOREIGN KEY ("provider_id") REFERENCES "public"."translation_providers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "translations" ADD CONSTRAINT "translations_provider_id_translation_providers_id_fk" FOREIGN KEY ("provider_id") REFERENCES "public"."translation_providers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "message_translations_of_conversation" ON "message_translations" USING btree ("conversation_id","message_id");--> statement-breakpoint
CREATE INDEX "message_translations_waiting" ON "message_translations" USING btree ("asked_at") WHERE state = 'waiting';--> statement-breakpoint
CREATE INDEX "message_translations_by_key" ON "message_translations" USING btree ("key");--> statement-breakpoint
CREATE INDEX "translation_providers_in_order" ON "translation_providers" USING btree ("position","id") WHERE archived_at is null;--> statement-breakpoint
CREATE INDEX "translations_by_age" ON "translations" USING btree ("at");