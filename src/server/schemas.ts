import type { OpenAPIHono } from "@hono/zod-openapi";
import { z } from "zod";
import { CitationSchema, EvidenceSchema, NearMissSchema, RegionSchema, ReplySchema } from "../answer/reply.ts";
import { SimilarReplySchema } from "../answer/similar.ts";
import { FailureSchema, ProofNodeSchema, ProofSchema } from "../logic/proof.ts";
import { NounSchema, QuerySchema, RelationSchema } from "../query/schema.ts";
import { TurnSchema } from "../query/turn.ts";
import { JobViewSchema } from "./ingest/job.ts";

const ProblemSchema = z.object({ type: z.string(), title: z.string(), status: z.number().int(), detail: z.string() });

const ThreadsSchema = z.object({
  threads: z.array(
    z.object({
      thread: z.string(),
      title: z.string().nullable(),
      turns: z.number().int(),
      firstMessage: z.string(),
      updatedAt: z.iso.datetime(),
    }),
  ),
});

const ThreadSchema = z.object({
  thread: z.string(),
  feedback: z.array(
    z.object({
      turn: z.number().int().positive(),
      verdict: z.enum(["good", "bad"]),
      comment: z.string(),
      at: z.iso.datetime(),
    }),
  ),
  turns: z.array(
    z.object({ turn: z.number().int().positive(), message: z.string(), at: z.iso.datetime(), reply: ReplySchema }),
  ),
});

const SCHEMAS = {
  Reply: ReplySchema,
  Region: RegionSchema,
  NearMiss: NearMissSchema,
  Citation: CitationSchema,
  Evidence: EvidenceSchema,
  Proof: ProofSchema,
  ProofNode: ProofNodeSchema,
  Failure: FailureSchema,
  Turn: TurnSchema,
  Query: QuerySchema,
  Noun: NounSchema,
  Relation: RelationSchema,
  Thread: ThreadSchema,
  Threads: ThreadsSchema,
  SimilarReply: SimilarReplySchema,
  IngestJob: JobViewSchema,
  Problem: ProblemSchema,
} as const satisfies Record<string, z.ZodType>;

type SchemaName = keyof typeof SCHEMAS;

/** Where the OpenAPI document holds the schema. */
export function schemaRef(name: SchemaName): { readonly $ref: string } {
  return { $ref: `#/components/schemas/${name}` };
}

/** The responses of a route that refuses with these statuses, as problem details. */
export function problems(descriptions: Readonly<Record<number, string>>) {
  return Object.fromEntries(
    Object.entries(descriptions).map(([status, description]) => [
      status,
      { description, content: { "application/problem+json": { schema: schemaRef("Problem") } } },
    ]),
  );
}

/** Puts the schemas of the values that the API gives into its OpenAPI document, made from the very ones that check them. */
export function registerSchemas(app: OpenAPIHono): void {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(SCHEMAS)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { uri: (id) => schemaRef(id as SchemaName).$ref, io: "output" });
  for (const [id, { $schema: _, $id: __, ...schema }] of Object.entries(schemas))
    app.openAPIRegistry.registerComponent("schemas", id, schema as Record<string, unknown>);
}
