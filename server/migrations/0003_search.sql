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
ALTER TABLE "message_search" ADD CONSTRAINT "message_search_message_id_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."messages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "message_search_words" ON "message_search" USING gin ("words") WITH (gin_pending_list_limit=512);--> statement-breakpoint
CREATE INDEX "message_search_newest" ON "message_search" USING btree ("at" desc);--> statement-breakpoint
CREATE INDEX "message_search_of_conversation" ON "message_search" USING btree ("conversation_id","at" desc);--> statement-breakpoint
CREATE INDEX "conversations_by_number" ON "conversations" USING btree ("number");