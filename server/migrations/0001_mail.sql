CREATE TABLE "mail_folders" (
	"id" uuid PRIMARY KEY NOT NULL,
	"channel_id" uuid NOT NULL,
	"path" text NOT NULL,
	"uid_validity" bigint NOT NULL,
	"last_uid" bigint NOT NULL,
	"history_until_uid" bigint NOT NULL,
	"history_since" timestamp (3) with time zone NOT NULL,
	"live_since" timestamp (3) with time zone NOT NULL,
	"compared_at" timestamp (3) with time zone,
	"server_count" integer,
	"held_count" integer,
	"repaired_count" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "mail_folders_once" UNIQUE("channel_id","path")
);
--> statement-breakpoint
CREATE TABLE "mail_sightings" (
	"folder_id" uuid NOT NULL,
	"uid_validity" bigint NOT NULL,
	"uid" bigint NOT NULL,
	"sha256" text NOT NULL,
	"seen_at" timestamp (3) with time zone NOT NULL,
	"settled_at" timestamp (3) with time zone,
	CONSTRAINT "mail_sightings_folder_id_uid_validity_uid_pk" PRIMARY KEY("folder_id","uid_validity","uid")
);
--> statement-breakpoint
CREATE TABLE "mail_unfetched" (
	"folder_id" uuid NOT NULL,
	"uid_validity" bigint NOT NULL,
	"uid" bigint NOT NULL,
	"attempts" integer NOT NULL,
	"reason" text NOT NULL,
	"tried_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "mail_unfetched_folder_id_uid_validity_uid_pk" PRIMARY KEY("folder_id","uid_validity","uid")
);
--> statement-breakpoint
CREATE TABLE "mailboxes" (
	"channel_id" uuid PRIMARY KEY NOT NULL,
	"credentials_sealed" text,
	"credentials_expire_at" timestamp (3) with time zone,
	"connected_at" timestamp (3) with time zone,
	"last_fetched_at" timestamp (3) with time zone,
	"last_sent_at" timestamp (3) with time zone,
	"failing_since" timestamp (3) with time zone,
	"failure" text,
	"failure_detail" text,
	"fetch_asked_at" timestamp (3) with time zone,
	"comparison_asked_at" timestamp (3) with time zone,
	"fetcher" uuid,
	"fetcher_until" timestamp (3) with time zone,
	"grant_state_hash" text,
	"grant_until" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "automatic_mails" (
	"id" uuid PRIMARY KEY NOT NULL,
	"address" text NOT NULL,
	"kind" text NOT NULL,
	"conversation_id" uuid NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "automatic_mails_once" UNIQUE("conversation_id","kind")
);
--> statement-breakpoint
CREATE TABLE "chat_follow_ups" (
	"conversation_id" uuid PRIMARY KEY NOT NULL,
	"due_at" timestamp (3) with time zone,
	"mailed_seq" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mail_participants" (
	"conversation_id" uuid NOT NULL,
	"address" text NOT NULL,
	CONSTRAINT "mail_participants_conversation_id_address_pk" PRIMARY KEY("conversation_id","address")
);
--> statement-breakpoint
CREATE TABLE "mail_reports" (
	"id" uuid PRIMARY KEY NOT NULL,
	"message_id" uuid,
	"conversation_id" uuid NOT NULL,
	"inbound_id" bigint NOT NULL,
	"kind" text NOT NULL,
	"address" text,
	"class" text,
	"status" text,
	"reason" text NOT NULL,
	"diagnostic" text,
	"at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mails" (
	"message_id" uuid PRIMARY KEY NOT NULL,
	"channel_id" uuid NOT NULL,
	"direction" text NOT NULL,
	"inbound_id" bigint,
	"mail_id" text,
	"subject" text NOT NULL,
	"sender" jsonb,
	"to" jsonb NOT NULL,
	"cc" jsonb NOT NULL,
	"bcc" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"sent_at" timestamp (3) with time zone,
	"segments" jsonb NOT NULL,
	"html" text,
	"authentication" jsonb,
	"automatic" text,
	"return_path" text,
	"reply_to" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"findings" text[] DEFAULT '{}' NOT NULL,
	"threaded_by" text,
	"acknowledgement" text
);
--> statement-breakpoint
CREATE TABLE "held_replies" (
	"id" uuid PRIMARY KEY NOT NULL,
	"conversation_id" uuid NOT NULL,
	"author_id" uuid NOT NULL,
	"client_id" uuid NOT NULL,
	"content" jsonb NOT NULL,
	"why" text NOT NULL,
	"send_at" timestamp (3) with time zone NOT NULL,
	"state" text DEFAULT 'held' NOT NULL,
	"reason" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "held_replies_once" UNIQUE("conversation_id","client_id")
);
--> statement-breakpoint
CREATE TABLE "suppressions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"address" text NOT NULL,
	"topic" text,
	"reason" text,
	"suppressed_at" timestamp (3) with time zone,
	"soft_bounces" integer DEFAULT 0 NOT NULL,
	"last_bounce_at" timestamp (3) with time zone,
	"last_alive_at" timestamp (3) with time zone,
	"detail" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "suppressions_once" UNIQUE NULLS NOT DISTINCT("kind","address","topic")
);
--> statement-breakpoint
ALTER TABLE "inbound" ADD COLUMN "raw_file" jsonb;--> statement-breakpoint
ALTER TABLE "conversations" ADD COLUMN "subject" text;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "refused_recipients" jsonb;--> statement-breakpoint
ALTER TABLE "mail_folders" ADD CONSTRAINT "mail_folders_channel_id_channels_id_fk" FOREIGN KEY ("channel_id") REFERENCES "public"."channels"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mail_sightings" ADD CONSTRAINT "mail_sightings_folder_id_mail_folders_id_fk" FOREIGN KEY ("folder_id") REFERENCES "public"."mail_folders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mail_unfetched" ADD CONSTRAINT "mail_unfetched_folder_id_mail_folders_id_fk" FOREIGN KEY ("folder_id") REFERENCES "public"."mail_folders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mailboxes" ADD CONSTRAINT "mailboxes_channel_id_channels_id_fk" FOREIGN KEY ("channel_id") REFERENCES "public"."channels"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "automatic_mails" ADD CONSTRAINT "automatic_mails_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "chat_follow_ups" ADD CONSTRAINT "chat_follow_ups_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mail_participants" ADD CONSTRAINT "mail_participants_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mail_reports" ADD CONSTRAINT "mail_reports_message_id_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."messages"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mail_reports" ADD CONSTRAINT "mail_reports_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mails" ADD CONSTRAINT "mails_message_id_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."messages"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mails" ADD CONSTRAINT "mails_channel_id_channels_id_fk" FOREIGN KEY ("channel_id") REFERENCES "public"."channels"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "held_replies" ADD CONSTRAINT "held_replies_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "held_replies" ADD CONSTRAINT "held_replies_author_id_staff_id_fk" FOREIGN KEY ("author_id") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "mail_sightings_by_content" ON "mail_sightings" USING btree ("sha256");--> statement-breakpoint
CREATE INDEX "automatic_mails_to" ON "automatic_mails" USING btree ("address","at");--> statement-breakpoint
CREATE INDEX "chat_follow_ups_due" ON "chat_follow_ups" USING btree ("due_at") WHERE due_at is not null;--> statement-breakpoint
CREATE INDEX "mail_reports_of_message" ON "mail_reports" USING btree ("message_id");--> statement-breakpoint
CREATE INDEX "mail_reports_of_conversation" ON "mail_reports" USING btree ("conversation_id");--> statement-breakpoint
CREATE INDEX "mails_by_mail_id" ON "mails" USING btree ("mail_id") WHERE mail_id is not null;--> statement-breakpoint
CREATE INDEX "held_replies_due" ON "held_replies" USING btree ("send_at") WHERE state = 'held';--> statement-breakpoint
CREATE INDEX "held_replies_open" ON "held_replies" USING btree ("conversation_id") WHERE state in ('held', 'stopped');--> statement-breakpoint
CREATE INDEX "conversations_unassigned_by_activity" ON "conversations" USING btree ("last_activity_at" desc,"id" desc) WHERE category not in ('resolved', 'closed') and assignee_id is null;