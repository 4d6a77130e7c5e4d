import type { Standing } from "./standing.ts";

const seconds = (from: string | undefined, to: string): number =>
  from ? Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000) : 0;

/** @see https://prometheus.io/docs/instrumenting/exposition_formats/ */
export function metricsOf(standing: Standing): string {
  const lines: string[] = [];
  const tell = (name: string, help: string, values: readonly [string, number][]) => {
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
  return `${lines.join("\n")}\n`;
}
