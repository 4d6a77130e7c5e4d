import { type Graph, oneOf } from "./graph.ts";

/** One promise of the stack: what breaks it, in words. An empty list keeps it. */
export type Check = { promise: string; broken(graph: Graph): string[] };

export type Statement = {
  Effect: string;
  Action: string | string[];
  Resource: string | string[];
  Condition?: Record<string, Record<string, unknown>>;
};

export const listOf = (value: string | string[]): string[] => (Array.isArray(value) ? value : [value]);
export const statementsIn = (json: string): Statement[] => JSON.parse(json).Statement;

export const BUCKETS = ["Inbox", "Archive", "Shares", "Spool", "Seals"] as const;
export type Bucket = (typeof BUCKETS)[number];
export const arnOf = (graph: Graph, bucket: Bucket): string =>
  oneOf(graph, "aws:s3/bucket:Bucket", new RegExp(`^${bucket}Bucket$`)).state.arn;
