import type { CacheStanding } from "../cache/standing.ts";
import type { Standing } from "./standing.ts";

const seconds = (from: string | undefined, to: string): number =>
  from ? Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000) : 0;

type Tell = (name: string, help: string, values: readonly [string, number][]) => void;

function tellCache(tell: Tell, cache: CacheStanding, now: string): void {
  const { wanted, kept, bytes, mostBytes, clients, trouble } = cache;
  tell("weald_edge_cache_studies_wanted", "Studies that today's lists need.", [["", wanted]]);
  tell("weald_edge_cache_studies_kept", "Of them whole on the disk.", [["", kept]]);
  tell("weald_edge_cache_bytes", "Their bytes, and those of what is being fetched.", [["", bytes]]);
  tell("weald_edge_cache_most_bytes", "What they may take.", [["", mostBytes]]);
  tell(
    "weald_edge_cache_age_seconds",
    "Since the region said what is needed; -1 when it never has.",
    clients.map(({ clientId, asOf }) => [`{client="${clientId}"}`, asOf ? seconds(asOf, now) : -1]),
  );
  tell("weald_edge_cache_trouble", "1 when it couldn't be asked or fetched.", [["", trouble ? 1 : 0]]);
}

/** @see https://prometheus.io/docs/instrumenting/exposition_formats/ */
export function metricsOf(standing: Standing): string {
  const lines: string[] = [];
  const tell: Tell = (name, help, values) => {
    lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} gauge`);
    for (const [labels, value] of values) lines.push(`${name}${labels} ${value}`);
  };
  const each = (value: (one: Standing["waiting"][number]) => number) =>
    standing.waiting.map((one): [string, number] => [`{urgency="${one.urgency}"}`, value(one)]);
  tell(
    "weald_edge_waiting",
    "Taken in and not yet with the region.",
    each(({ amount }) => amount.count),
  );
  tell(
    "weald_edge_waiting_bytes",
    "Their bytes.",
    each(({ amount }) => amount.bytes),
  );
  tell(
    "weald_edge_oldest_waiting_seconds",
    "Age of the oldest that waits.",
    each(({ oldest }) => seconds(oldest, standing.now)),
  );
  tell("weald_edge_sent", "With the region, outcome not yet known.", [["", standing.sent.count]]);
  tell("weald_edge_trouble_seconds", "Since when sending on has failed; 0 when it works.", [
    ["", seconds(standing.trouble?.since, standing.now)],
  ]);
  tell("weald_edge_disk_free_bytes", "Free on the disk of the spool.", [["", standing.freeBytes]]);
  tell("weald_edge_refusing", "1 when the disk is too full to take anything in.", [
    ["", standing.isRefusing ? 1 : 0],
  ]);
  tell("weald_edge_looks_waiting", "Looks at what is kept here that the region isn't told of yet.", [
    ["", standing.looks.count],
  ]);
  if (standing.cache) tellCache(tell, standing.cache, standing.now);
  return `${lines.join("\n")}\n`;
}
