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
ALTER TABLE "conversations" ADD COLUMN "spam_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "bulk_items" ADD CONSTRAINT "bulk_items_job_id_bulk_jobs_id_fk" FOREIGN KEY ("job_id") REFERENCES "public"."bulk_jobs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bulk_items" ADD CONSTRAINT "bulk_items_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bulk_jobs" ADD CONSTRAINT "bulk_jobs_started_by_staff_id_fk" FOREIGN KEY ("started_by") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "conversation_merges" ADD CONSTRAINT "conversation_merges_from_id_conversations_id_fk" FOREIGN KEY ("from_id") REFERENCES "public"."conversations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "conversation_merges" ADD CONSTRAINT "conversation_merges_into_id_conversations_id_fk" FOREIGN KEY ("into_id") REFERENCES "public"."conversations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "bulk_items_waiting" ON "bulk_items" USING btree ("job_id","place") WHERE state = 'waiting';--> statement-breakpoint
CREATE INDEX "bulk_jobs_running" ON "bulk_jobs" USING btree ("id") WHERE state = 'running';--> statement-breakpoint
CREATE INDEX "bulk_jobs_of_staff" ON "bulk_jobs" USING btree ("started_by","id");--> statement-breakpoint
CREATE UNIQUE INDEX "conversation_merges_one_standing" ON "conversation_merges" USING btree ("from_id") WHERE undone_at is null;--> statement-breakpoint
CREATE INDEX "conversation_merges_into" ON "conversation_merges" USING btree ("into_id") WHERE undone_at is null;--> statement-breakpoint
CREATE INDEX "conversations_spam" ON "conversations" USING btree ("last_activity_at" desc,"id" desc) WHERE spam_at is not null;