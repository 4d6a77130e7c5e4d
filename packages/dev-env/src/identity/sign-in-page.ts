import { COMES_TO, people, ROLE_NAMES, trusts } from "../people/index.ts";
import { accountIdOf } from "./claims.ts";

const escaped = (text: string) => text.replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

const STYLE = `
:root{color-scheme:light dark;--ink:#212b32;--muted:#4c6272;--page:#f0f4f5;--panel:#fff;--line:#aeb7bd;--accent:#005eb8}
@media(prefers-color-scheme:dark){:root{--ink:#e8edee;--muted:#a3b3bc;--page:#0b0f12;--panel:#12181c;--line:#55656f;--accent:#6cb4ff}}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.5 Arial,sans-serif}
main{max-width:60rem;margin:0 auto;padding:2rem 1.25rem 4rem}
h1{font-size:1.6rem;margin:0 0 .25rem}h2{font-size:1.1rem;margin:1.75rem 0 .5rem}
p{margin:.25rem 0}.muted{color:var(--muted)}
ul{list-style:none;margin:0;padding:0;display:grid;gap:.5rem;grid-template-columns:repeat(auto-fill,minmax(17rem,1fr))}
button{width:100%;text-align:left;font:inherit;color:inherit;background:var(--panel);border:1px solid var(--line);border-radius:4px;padding:.6rem .8rem;cursor:pointer}
button:hover{border-color:var(--accent)}button:focus-visible{outline:3px solid #ffeb3b;box-shadow:0 0 0 5px #212b32}
strong{display:block;color:var(--accent)}`;

function buttonsOf(odsCode: string): string {
  return people
    .flatMap((person) =>
      person.contracts
        .filter(({ organisation }) => organisation === odsCode)
        .map(
          (contract) =>
            `<li><button name="account" value="${accountIdOf(person, contract)}"><strong>${escaped(
              `${person.title} ${person.given} ${person.family}`,
            )}</strong>${ROLE_NAMES[contract.role]}<br><span class="muted">${COMES_TO[contract.role]}</span></button></li>`,
        ),
    )
    .join("");
}

/** The list of demonstration people, by trust. Plain HTML that needs no script. */
export function signInPage(clientId: string): string {
  const groups = trusts
    .filter(({ odsCode }) => buttonsOf(odsCode) !== "")
    .map(
      ({ odsCode, name }) =>
        `<section aria-labelledby="${odsCode}"><h2 id="${odsCode}">${escaped(name)}</h2><ul>${buttonsOf(odsCode)}</ul></section>`,
    )
    .join("");
  return `<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>Local identity provider</title><link rel="icon" href="data:,"><style>${STYLE}</style></head><body><main>
<h1>Who are you today?</h1>
<p>Local identity provider, not NHS CIS2. Choose a person of the demonstration; there are no passwords.</p>
<p class="muted">Asked for by: ${escaped(clientId)}</p>
<form method="post">${groups}</form></main></body></html>`;
}

/**
 * Signing out here. A client that says by its `id_token_hint` who signs out has asked already, as with CIS2: the form goes
 * off by itself. Whoever comes by hand is asked.
 */
export function signOutPage(form: string, { isAskedByClient }: { isAskedByClient: boolean }): string {
  return `<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>Sign out</title><link rel="icon" href="data:,"><style>${STYLE}</style></head><body><main>
<h1>Sign out of the local identity provider</h1>
<p>Every service in which you are signed in by it is told.</p>
${form}
<p><button form="op.logoutForm" name="logout" value="yes">Sign out everywhere</button></p>
${isAskedByClient ? '<script>document.querySelector("button").click()</script>' : ""}
</main></body></html>`;
}
