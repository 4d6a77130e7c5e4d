import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "../runner/run-command.ts";

const APP = path.join(ROOT, "apps/web/src/app");
const E2E = path.join(ROOT, "tests/e2e");

/** Pages that are reached by what is on others, or that name one thing: the journey that looks at each in both themes. */
const LOOKED_AT_IN: Record<string, string> = {
  "/": "pages.spec.ts",
  "/sign-in": "pages.spec.ts",
  "/patients/[patientId]": "pages.spec.ts",
  "/studies/[studyId]": "pages.spec.ts",
  "/studies/[studyId]/refer": "referrals.spec.ts",
  "/studies/[studyId]/correct": "corrections.spec.ts",
  "/studies/[studyId]/share": "links.spec.ts",
  "/patients/[patientId]/links": "links.spec.ts",
  "/links": "links.spec.ts",
  "/link": "links.spec.ts",
  "/link/images": "links.spec.ts",
  "/link/looks": "links.spec.ts",
  "/link/pass-on": "links.spec.ts",
  "/administration/release": "links.spec.ts",
  "/meetings/[meetingId]": "y-meetings.spec.ts",
  "/meetings/[meetingId]/room": "y-room.spec.ts",
  "/meetings/[meetingId]/display": "y-room.spec.ts",
  "/prepare/[caseId]": "y-room.spec.ts",
  "/quarantine/[quarantineId]": "conflicts.spec.ts",
  "/administration/people": "sessions.spec.ts",
  "/administration/agreements": "y-exceptions.spec.ts",
  "/broken-glass": "y-exceptions.spec.ts",
};

/** Each with why nobody looks at it. */
const SHOWS_NOTHING: Record<string, string> = {
  "/sign-in/again": "leads on to the identity provider",
  "/sign-in/done": "closes the window in which somebody signed in again",
};

const routes = readdirSync(APP, { recursive: true, encoding: "utf8" })
  .filter((file) => path.basename(file) === "page.tsx")
  .map((file) => `/${path.dirname(file).replace(/\([a-z]+\)\/?/g, "")}`.replace("/.", "/"))
  .sort();

const specOf = (name: string) => readFileSync(path.join(E2E, name), "utf8");

describe("every page of the portal is looked at in both themes", () => {
  const places = specOf("pages.spec.ts");

  it.each(routes)("%s", (route) => {
    if (SHOWS_NOTHING[route]) return;
    const elsewhere = LOOKED_AT_IN[route];
    if (elsewhere) expect(specOf(elsewhere)).toContain("expectAccessible(");
    else expect(places, `no place in pages.spec.ts has the path ${route}`).toContain(`path: "${route}"`);
  });

  it("no page is named that isn't there", () => {
    const named = [...Object.keys(LOOKED_AT_IN), ...Object.keys(SHOWS_NOTHING)];
    expect(named.filter((route) => !routes.includes(route))).toEqual([]);
  });
});
