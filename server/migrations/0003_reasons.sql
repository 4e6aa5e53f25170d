CREATE TABLE "contact_reasons" (
	"code" text PRIMARY KEY NOT NULL,
	"group_code" text,
	"name_zh" text NOT NULL,
	"name_en" text NOT NULL,
	"strategy_zh" text DEFAULT '' NOT NULL,
	"strategy_en" text DEFAULT '' NOT NULL,
	"automation" text DEFAULT 'draft' NOT NULL,
	"owner_department" text DEFAULT '' NOT NULL,
	"position" integer DEFAULT 0 NOT NULL,
	"is_active" boolean DEFAULT true NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "reason_models" (
	"id" uuid PRIMARY KEY NOT NULL,
	"trained_at" timestamp (3) with time zone NOT NULL,
	"examples" integer NOT NULL,
	"own_examples" integer NOT NULL,
	"tried_on" text NOT NULL,
	"tried" integer NOT NULL,
	"correct" integer NOT NULL,
	"confusion" jsonb NOT NULL,
	"model" jsonb NOT NULL,
	"labels_since" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
ALTER TABLE "company" ADD COLUMN "requires_reason" boolean DEFAULT false NOT NULL;