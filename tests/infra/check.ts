import { type Graph, ofType, oneOf, type Resource } from "./graph.ts";

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

export const rolesOf = (graph: Graph) => ofType(graph, "aws:iam/role:Role");
export const grantsOf = (role: Resource): Statement[] =>
  (role.inputs.inlinePolicies ?? []).flatMap((inline: { policy: string }) => statementsIn(inline.policy));

/** The functions that are built with one of these links. */
export const linkedTo = (graph: Graph, links: readonly string[]) =>
  graph.calls
    .filter(
      ({ method, args }) => method === "Runtime.Build" && links.some((link) => link in (args.links ?? {})),
    )
    .map(({ args }) => String(args.functionID));
