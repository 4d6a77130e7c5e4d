import type { RequestListener } from "node:http";
import { type Letter, readMailBox } from "@weald/adapters/mail-box";

const SIGNS: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escaped = (text: string) => text.replace(/[&<>"']/g, (sign) => SIGNS[sign] ?? "");

/** Only what looks like one of ours becomes a link. */
const withLinks = (text: string) =>
  escaped(text).replace(
    /https?:\/\/[^\s&]+\/link#[A-Za-z0-9_-]{22}/g,
    (url) => `<a href="${url}" rel="noreferrer">${url}</a>`,
  );

const article = ({ at, channel, to, subject, text }: Letter) => `<article>
<h2>${escaped(subject ?? "Text message")}</h2>
<p>${channel === "sms" ? "Text message" : "E-mail"} to ${escaped(to)}, <time datetime="${at}">${at.slice(0, 19).replace("T", " ")} UTC</time></p>
<pre>${withLinks(text)}</pre>
</article>`;

const page = (letters: readonly Letter[]) => `<!doctype html>
<html lang="en-GB"><head><meta charset="utf-8"><title>Mail box of this region</title>
<meta name="viewport" content="width=device-width">
<style>body{font:1rem/1.5 system-ui;max-width:45rem;margin:2rem auto;padding:0 1rem}pre{white-space:pre-wrap;font:inherit}article{border-top:1px solid;padding:.5rem 0}h2{font-size:1rem;margin:0}</style></head>
<body><main><h1>Mail box of this region</h1>
<p>What Weald sends to patients. Nothing of it leaves this machine.</p>
${letters.length === 0 ? "<p>No message has been sent yet.</p>" : letters.map(article).join("\n")}
</main></body></html>`;

const HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
};

/** `/mail-box` beside the local identity provider: in a region on one's own machine, and nowhere else. */
export const withMailBox =
  (others: RequestListener, folder: string): RequestListener =>
  (request, response) => {
    if (request.method !== "GET" || request.url !== "/mail-box") return others(request, response);
    readMailBox(folder).then(
      (letters) => response.writeHead(200, HEADERS).end(page(letters)),
      () => response.writeHead(503, HEADERS).end("The mail box can't be read."),
    );
  };
