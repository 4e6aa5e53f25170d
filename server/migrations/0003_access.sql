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
ALTER TABLE "company" ADD COLUMN "reveals_per_hour" integer DEFAULT 20 NOT NULL;--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "previous_hash" text;--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "previous_until" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "permissions" text[];--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "networks" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "last_used_ip" text;--> statement-breakpoint
ALTER TABLE "roles" ADD COLUMN "reach" text DEFAULT 'stores' NOT NULL;--> statement-breakpoint
ALTER TABLE "contact_reveals" ADD CONSTRAINT "contact_reveals_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "giver_trips" ADD CONSTRAINT "giver_trips_giver_id_identity_givers_id_fk" FOREIGN KEY ("giver_id") REFERENCES "public"."identity_givers"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "identity_givers" ADD CONSTRAINT "identity_givers_joins_as_roles_id_fk" FOREIGN KEY ("joins_as") REFERENCES "public"."roles"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "contact_reveals_of_customer" ON "contact_reveals" USING btree ("customer_id","at");--> statement-breakpoint
CREATE INDEX "contact_reveals_by_person" ON "contact_reveals" USING btree ("by","at");--> statement-breakpoint
CREATE INDEX "audit_verifications_newest" ON "audit_verifications" USING btree ("asked_at");--> statement-breakpoint
CREATE INDEX "giver_trips_by_expiry" ON "giver_trips" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "audit_entries_by_actor" ON "audit_entries" USING btree ("actor_id","id");--> statement-breakpoint
CREATE INDEX "audit_entries_by_object" ON "audit_entries" USING btree ("object","id");--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_previous_hash" UNIQUE("previous_hash");