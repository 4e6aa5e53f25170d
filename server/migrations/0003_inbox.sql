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
CREATE TABLE "notification_settings" (
	"staff_id" uuid PRIMARY KEY NOT NULL,
	"settings" jsonb NOT NULL,
	"changed_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "quick_replies" DROP CONSTRAINT "quick_replies_once";--> statement-breakpoint
ALTER TABLE "contact_reasons" ADD COLUMN "summary_template" jsonb DEFAULT '{"wanted":"","done":"","promised":""}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "conversations" ADD COLUMN "summary" text;--> statement-breakpoint
ALTER TABLE "quick_replies" ADD COLUMN "translations" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "quick_replies" ADD COLUMN "category" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "quick_replies" ADD COLUMN "file_ids" uuid[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "quick_replies" ADD COLUMN "steps" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "quick_replies" ADD COLUMN "sends_at_once" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "quick_replies" ADD COLUMN "version" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "company" ADD COLUMN "summary_policy" text DEFAULT 'none' NOT NULL;--> statement-breakpoint
ALTER TABLE "quick_reply_uses" ADD CONSTRAINT "quick_reply_uses_quick_reply_id_quick_replies_id_fk" FOREIGN KEY ("quick_reply_id") REFERENCES "public"."quick_replies"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quick_reply_uses" ADD CONSTRAINT "quick_reply_uses_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "conversation_summaries" ADD CONSTRAINT "conversation_summaries_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notification_settings" ADD CONSTRAINT "notification_settings_staff_id_staff_id_fk" FOREIGN KEY ("staff_id") REFERENCES "public"."staff"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "quick_reply_uses_recent" ON "quick_reply_uses" USING btree ("quick_reply_id","at");--> statement-breakpoint
CREATE INDEX "conversation_summaries_of" ON "conversation_summaries" USING btree ("conversation_id","written_at");--> statement-breakpoint
CREATE UNIQUE INDEX "conversation_summaries_in_hand" ON "conversation_summaries" USING btree ("conversation_id") WHERE closed_at is null;--> statement-breakpoint
ALTER TABLE "quick_replies" ADD CONSTRAINT "quick_replies_once" UNIQUE NULLS NOT DISTINCT("shortcut","language","owner_id","store_id");--> statement-breakpoint
-- by hand
-- Quick replies named their variables by one word.
UPDATE "quick_replies" SET "text" = regexp_replace(regexp_replace("text", '\{\{\s*(customer|agent|store)\s*\}\}', '{{\1.name}}', 'g'), '\{\{\s*number\s*\}\}', '{{conversation.number}}', 'g') WHERE "text" LIKE '%{{%';
