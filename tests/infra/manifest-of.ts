import type { Manifest } from "@weald/dev-env/cloud";
import { type Graph, ofType, oneOf } from "./graph.ts";

/** SST names a subscriber's function with a hash of an ARN that the mocks invented: cut, so that the manifest is stable. */
const stable = (id: string) =>
  id
    .replace(/Subscriber[A-Z][a-z]{5}$/, "Subscriber")
    .replace(/Subscriber[A-Z][a-z]{5}Function$/, "Subscriber");
const sorted = <T>(record: Record<string, T>) =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => a.localeCompare(b)));
const isOurs = (name: string) => !name.startsWith("Portal");

const handlersOf = (graph: Graph) =>
  graph.calls
    .filter(({ method, args }) => method === "Runtime.Build" && !args.bundle)
    .map(({ args }) => args);

const queueNames = (graph: Graph) =>
  new Map(
    ofType(graph, "aws:sqs/queue:Queue")
      .filter(({ name }) => isOurs(name))
      .map(({ name, state }) => [state.arn as string, name.replace(/Queue$/, "")]),
  );

function functionsOf(graph: Graph) {
  const byArn = new Map<string, string>();
  const functions: Manifest["functions"] = {};
  for (const { functionID, handler, links } of handlersOf(graph)) {
    const made = oneOf(graph, "aws:lambda/function:Function", new RegExp(`^${functionID}Function$`));
    byArn.set(made.state.arn, stable(functionID));
    functions[stable(functionID)] = {
      handler,
      timeoutSeconds: made.inputs.timeout,
      memoryMb: made.inputs.memorySize,
      links: Object.keys(links).sort(),
    };
  }
  return { byArn, functions };
}

/** What a router's injected code refuses (infra/dicomweb.ts). */
function refusalOf(code: string): Manifest["urls"][number]["refusal"] {
  const [, json] = /var mostBody = (\{.*\});/.exec(code) ?? [];
  return json ? JSON.parse(json) : undefined;
}

/** Where a router shows a function: the last part of its entry in the router's table of routes. */
function pathOf(graph: Graph, id: string): string {
  const { inputs } = oneOf(graph, "pulumi-nodejs:dynamic:Resource", new RegExp(`^${id}RoutesUpdate\\.`));
  const path = String(inputs.entry).split(",").at(-1) ?? "";
  if (!path.startsWith("/")) throw new Error(`no path of ${id} in ${inputs.entry}`);
  return path;
}

/** Function URLs of ours, with the path at which a router shows them and what that router refuses first. */
function urlsOf(graph: Graph, byArn: Map<string, string>): Manifest["urls"] {
  return ofType(graph, "aws:lambda/functionUrl:FunctionUrl")
    .filter(({ name }) => isOurs(name))
    .map(({ name, inputs }) => {
      const id = stable(name.replace(/Url$/, ""));
      const codes = ofType(graph, "aws:cloudfront/function:Function").map((one) => String(one.inputs.code));
      const refusal = codes.map(refusalOf).find((found) => found !== undefined);
      if (![...byArn.values()].includes(id)) throw new Error(`a URL of no function: ${name}`);
      return {
        function: id,
        path: pathOf(graph, id),
        isStreaming: inputs.invokeMode === "RESPONSE_STREAM",
        ...(refusal ? { refusal } : {}),
      };
    });
}

/** What the local cloud needs of the evaluated graph. */
export function manifestOf(graph: Graph): Manifest {
  const { byArn, functions } = functionsOf(graph);
  const queues = queueNames(graph);
  const nameOf = (map: Map<string, string>, arn: string) => map.get(arn) ?? `unknown ${arn}`;
  const described: Manifest["queues"] = {};
  for (const { name, inputs } of ofType(graph, "aws:sqs/queue:Queue").filter((one) => isOurs(one.name))) {
    const redrive = inputs.redrivePolicy ? JSON.parse(inputs.redrivePolicy) : undefined;
    described[name.replace(/Queue$/, "")] = {
      visibilitySeconds: inputs.visibilityTimeoutSeconds,
      ...(redrive
        ? { deadLetters: nameOf(queues, redrive.deadLetterTargetArn), maxReceives: redrive.maxReceiveCount }
        : {}),
    };
  }
  const buckets = new Map(
    ofType(graph, "aws:s3/bucket:Bucket").map(({ name, state }) => [
      state.bucket as string,
      name.replace(/Bucket$/, ""),
    ]),
  );
  return {
    functions: sorted(functions),
    queues: sorted(described),
    subscriptions: ofType(graph, "aws:lambda/eventSourceMapping:EventSourceMapping")
      .filter(({ inputs }) => byArn.has(inputs.functionName))
      .map(({ inputs }) => ({
        queue: nameOf(queues, inputs.eventSourceArn),
        function: nameOf(byArn, inputs.functionName),
        batchSize: inputs.batchSize,
        windowSeconds: inputs.maximumBatchingWindowInSeconds ?? 0,
        partialResponses: (inputs.functionResponseTypes ?? []).includes("ReportBatchItemFailures"),
        ...(inputs.scalingConfig ? { atOnce: inputs.scalingConfig.maximumConcurrency } : {}),
      }))
      .sort((a, b) => a.queue.localeCompare(b.queue)),
    notifications: ofType(graph, "aws:s3/bucketNotification:BucketNotification").flatMap(({ inputs }) =>
      (inputs.queues ?? []).map((one: { queueArn: string; events: string[]; filterPrefix?: string }) => ({
        bucket: nameOf(buckets, inputs.bucket),
        queue: nameOf(queues, one.queueArn),
        events: one.events,
        ...(one.filterPrefix ? { prefix: one.filterPrefix } : {}),
      })),
    ),
    urls: urlsOf(graph, byArn),
    schedules: ofType(graph, "aws:scheduler/schedule:Schedule")
      .map(({ name, inputs }) => ({
        name: name.replace(/Schedule$/, ""),
        expression: inputs.scheduleExpression,
        function: nameOf(byArn, inputs.target.arn),
      }))
      .sort((a, b) => a.name.localeCompare(b.name)),
  };
}

const typeOf = (value: unknown): string => {
  if (value === null || value === undefined) return "unknown";
  if (Array.isArray(value)) return `${[...new Set(value.map(typeOf))].join(" | ") || "unknown"}[]`;
  if (!(value instanceof Object)) return typeof value;
  return `{ ${Object.entries(value)
    .map(([key, inner]) => `${JSON.stringify(key)}: ${typeOf(inner)}`)
    .join("; ")} }`;
};

/** The declarations that SST's command line writes at a deployment: the types of `Resource`. */
export function declarationsOf(graph: Graph): string {
  const links = ofType(graph, "sst:sst:LinkRef")
    .map(({ name, inputs }) => [name.replace(/LinkRef$/, ""), inputs.properties] as const)
    .sort(([a], [b]) => a.localeCompare(b));
  const lines = links.map(([name, properties]) => `    ${name}: ${typeOf(properties)};`);
  return [
    "// Written by `npm run infra:manifest` from the evaluated sst.config.ts.",
    'declare module "sst" {',
    "  export interface Resource {",
    "    App: { name: string; stage: string };",
    ...lines,
    "  }",
    "}",
    'import "sst";',
    "",
    "export {};",
    "",
  ].join("\n");
}
