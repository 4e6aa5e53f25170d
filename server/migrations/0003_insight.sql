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
ALTER TABLE "messages" ADD COLUMN "is_whisper" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "waited_ms" bigint;--> statement-breakpoint
ALTER TABLE "data_exports" ADD CONSTRAINT "data_exports_staff_id_staff_id_fk" FOREIGN KEY ("staff_id") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "resolutions" ADD CONSTRAINT "resolutions_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "data_exports_of_staff" ON "data_exports" USING btree ("staff_id","created_at");--> statement-breakpoint
CREATE INDEX "data_exports_expiring" ON "data_exports" USING btree ("expires_at") WHERE state = 'done';--> statement-breakpoint
CREATE INDEX "resolutions_of_conversation" ON "resolutions" USING btree ("conversation_id","resolved_at");--> statement-breakpoint
CREATE INDEX "resolutions_by_time" ON "resolutions" USING btree ("resolved_at");--> statement-breakpoint
CREATE INDEX "clocks_by_start" ON "clocks" USING brin ("started_at");--> statement-breakpoint
CREATE INDEX "assignments_by_time" ON "assignments" USING brin ("at");--> statement-breakpoint
CREATE INDEX "conversations_by_opening" ON "conversations" USING btree ("opened_at");--> statement-breakpoint
CREATE INDEX "conversations_by_resolution" ON "conversations" USING btree ("resolved_at") WHERE resolved_at is not null;--> statement-breakpoint
CREATE INDEX "messages_answering" ON "messages" USING btree ("created_at") WHERE waited_ms is not null;--> statement-breakpoint
-- by hand
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
