import type { Standing } from "./standing.ts";

const UNITS = ["bytes", "KB", "MB", "GB", "TB"];

export function size(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log(bytes) / Math.log(1000)));
  const value = bytes / 1000 ** power;
  return `${power === 0 ? value : value.toPrecision(3)} ${UNITS[power]}`;
}

const time = (iso: string | undefined): string =>
  iso ? iso.replace("T", " ").replace(/\.\d+Z|Z/, " UTC") : "";
const escaped = (text: string): string => text.replace(/[&<>"]/g, (one) => `&#${one.charCodeAt(0)};`);

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#212b32;background:#fff}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.4rem .6rem;border-bottom:1px solid #d8dde0}
.bad{border-left:6px solid #d5281b;padding:.4rem .8rem}.good{border-left:6px solid #007f3b;padding:.4rem .8rem}`;

function verdict({ trouble, isRefusing, waiting, sent }: Standing): { isGood: boolean; text: string } {
  if (isRefusing)
    return {
      isGood: false,
      text: "The disk is too full: nothing more is taken in. Free some, or wait until the region has taken what waits.",
    };
  if (trouble)
    return {
      isGood: false,
      text: `Sending on has failed since ${time(trouble.since)} (${escaped(trouble.code)}, last tried ${time(trouble.at)}). Nothing is lost: it is tried again.`,
    };
  const left = waiting.reduce((sum, { amount }) => sum + amount.count, sent.count);
  return { isGood: true, text: left === 0 ? "Nothing waits." : "The region is being sent what waits." };
}

function cacheOf({ cache, looks }: Standing): string {
  if (!cache) return looks.count === 0 ? "" : `<p>${looks.count} looks wait to be told to the region.</p>`;
  const rows = cache.clients.map(({ clientId, asOf, notShown, wanted, kept, isCut }) => {
    const much = `${kept} of ${wanted}${isCut ? ", and more is needed than is listed" : ""}`;
    const state = notShown ? `nothing: ${notShown}` : "what is kept";
    return `<tr><th scope="row">${escaped(clientId)}</th><td>${much}</td><td>${time(asOf) || "never"}</td><td>${state}</td></tr>`;
  });
  return `<table><caption>Kept for when the region is away</caption>
<thead><tr><th scope="col">System</th><th scope="col">Studies kept</th><th scope="col">As of</th><th scope="col">If the region were away it is shown</th></tr></thead>
<tbody>${rows.join("")}</tbody></table>
<p>${size(cache.bytes)} of ${size(cache.mostBytes)}${cache.trouble ? `; last trouble: ${escaped(cache.trouble)}` : ""}. ${looks.count} looks wait to be told to the region.</p>`;
}

export function pageOf(standing: Standing): string {
  const { isGood, text } = verdict(standing);
  const rows = standing.waiting.map(
    ({ urgency, amount, oldest }) =>
      `<tr><th scope="row">${urgency}</th><td>${amount.count}</td><td>${size(amount.bytes)}</td><td>${time(oldest)}</td></tr>`,
  );
  return `<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><meta http-equiv="refresh" content="15">
<title>Weald gateway of ${escaped(standing.trust)}</title><style>${STYLE}</style></head><body>
<h1>Weald gateway of ${escaped(standing.trust)}</h1>
<p class="${isGood ? "good" : "bad"}">${text}</p>
<table><caption>Waits for the region</caption>
<thead><tr><th scope="col">Urgency</th><th scope="col">Number</th><th scope="col">Size</th><th scope="col">Oldest since</th></tr></thead>
<tbody>${rows.join("")}</tbody></table>
${cacheOf(standing)}
<p>${standing.sent.count} more are with the region, their outcome isn't known yet.
Last success: ${time(standing.lastSuccess) || "none since the start"}.
Free on the disk: ${size(standing.freeBytes)}. Running since ${time(standing.startedAt)}.</p>
</body></html>
`;
}
