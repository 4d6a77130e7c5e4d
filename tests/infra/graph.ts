/** A resource as the evaluated stack registers it, and what the mocked engine answered for it. */
export type Resource = {
  type: string;
  name: string;
  // biome-ignore lint/suspicious/noExplicitAny: a provider's inputs have no type of ours
  inputs: Record<string, any>;
  id: string;
  // biome-ignore lint/suspicious/noExplicitAny: a provider's outputs have no type of ours
  state: Record<string, any>;
};

/** A call of SST's platform to its own command line: builds, mostly. */
// biome-ignore lint/suspicious/noExplicitAny: SST's own arguments
export type PlatformCall = { method: string; args: Record<string, any> };

/** What `app()` of sst.config.ts answers for the stage. */
export type App = {
  removal?: string;
  protect?: boolean;
  providers?: { aws?: { region?: string; version?: string } };
};

export type Graph = {
  app: App;
  resources: Resource[];
  calls: PlatformCall[];
  builds: Record<string, { bytes: number; exports: string[] }>;
};

export const ofType = (graph: Graph, type: string): Resource[] =>
  graph.resources.filter((resource) => resource.type === type);

export function oneOf(graph: Graph, type: string, name: RegExp): Resource {
  const found = ofType(graph, type).filter((resource) => name.test(resource.name));
  const [only] = found;
  if (!only || found.length !== 1) throw new Error(`${found.length} of ${type} match ${name}`);
  return only;
}
