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
ALTER TABLE "flow_runs" ADD CONSTRAINT "flow_runs_flow_id_flows_id_fk" FOREIGN KEY ("flow_id") REFERENCES "public"."flows"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "flow_runs" ADD CONSTRAINT "flow_runs_version_id_flow_versions_id_fk" FOREIGN KEY ("version_id") REFERENCES "public"."flow_versions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "flow_spending" ADD CONSTRAINT "flow_spending_flow_id_flows_id_fk" FOREIGN KEY ("flow_id") REFERENCES "public"."flows"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "flow_steps" ADD CONSTRAINT "flow_steps_run_id_flow_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."flow_runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "flow_versions" ADD CONSTRAINT "flow_versions_flow_id_flows_id_fk" FOREIGN KEY ("flow_id") REFERENCES "public"."flows"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "flow_runs_due" ON "flow_runs" USING btree ("wake_at","id") WHERE wake_at is not null;--> statement-breakpoint
CREATE INDEX "flow_runs_of_record" ON "flow_runs" USING btree ("record_id","id");--> statement-breakpoint
CREATE INDEX "flow_runs_of_flow" ON "flow_runs" USING btree ("flow_id","id");--> statement-breakpoint
CREATE INDEX "flow_runs_acted" ON "flow_runs" USING btree ("flow_id","record_id","started_at") WHERE has_acted;--> statement-breakpoint
CREATE INDEX "flow_runs_started" ON "flow_runs" USING btree ("flow_id","started_at");--> statement-breakpoint
CREATE INDEX "flow_runs_waiting_for" ON "flow_runs" USING btree ("record_id","wakes_on") WHERE wakes_on is not null;--> statement-breakpoint
CREATE INDEX "flows_due" ON "flows" USING btree ("next_at") WHERE state = 'on' and next_at is not null;