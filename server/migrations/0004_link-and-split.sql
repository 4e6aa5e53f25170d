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
ALTER TABLE "conversation_links" ADD CONSTRAINT "conversation_links_from_id_conversations_id_fk" FOREIGN KEY ("from_id") REFERENCES "public"."conversations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "conversation_links" ADD CONSTRAINT "conversation_links_to_id_conversations_id_fk" FOREIGN KEY ("to_id") REFERENCES "public"."conversations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "conversation_splits" ADD CONSTRAINT "conversation_splits_into_id_conversations_id_fk" FOREIGN KEY ("into_id") REFERENCES "public"."conversations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "conversation_splits" ADD CONSTRAINT "conversation_splits_from_id_conversations_id_fk" FOREIGN KEY ("from_id") REFERENCES "public"."conversations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "conversation_links_once" ON "conversation_links" USING btree (least(from_id, to_id),greatest(from_id, to_id),"kind");--> statement-breakpoint
CREATE INDEX "conversation_links_from" ON "conversation_links" USING btree ("from_id");--> statement-breakpoint
CREATE INDEX "conversation_links_to" ON "conversation_links" USING btree ("to_id");--> statement-breakpoint
CREATE INDEX "conversation_splits_from" ON "conversation_splits" USING btree ("from_id");