import { writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { csvLine } from "@weald/core/review";
import { z } from "zod";
import { personToken } from "../identity/index.ts";
import { members, people } from "../people/index.ts";
import { runningRegion } from "./region-of.ts";

const USAGE = `npm run retention -- --trust RXC [--at DATE] [--csv FILE]
  --trust  whose studies: ${members.map(({ odsCode }) => odsCode).join(", ")}
  --at     what would be due on this day (YYYY-MM-DD; today)
  --csv    the list as a file`;

const Page = z.object({
  result: z.object({
    data: z.object({
      due: z.array(
        z.object({ studyId: z.string(), studyDate: z.string(), until: z.string(), reason: z.string() }),
      ),
      held: z.number(),
      examined: z.number(),
      next: z.string().optional(),
    }),
  }),
});
export type Due = z.output<typeof Page>["result"]["data"]["due"][number];
export type DuePage = z.output<typeof Page>["result"]["data"];

function wrong(why: string): number {
  console.error(`${why}\n${USAGE}`);
  return 2;
}

function managerOf(odsCode: string) {
  for (const person of people)
    for (const contract of person.contracts)
      if (contract.organisation === odsCode && contract.role === "pacs-manager") return { person, contract };
  return undefined;
}

/** Every page of what would be due. */
export async function allDue(page: (after: string | undefined) => Promise<DuePage>) {
  const all: { due: Due[]; held: number; examined: number } = { due: [], held: 0, examined: 0 };
  let after: string | undefined;
  do {
    const { due, held, examined, next } = await page(after);
    all.due.push(...due);
    all.held += held;
    all.examined += examined;
    after = next;
  } while (after);
  return all;
}

export const asCsv = (due: readonly Due[]): string =>
  [
    csvLine(["study", "study date", "due since", "rule"]),
    ...due.map(({ studyId, studyDate, until, reason }) => csvLine([studyId, studyDate, until, reason])),
  ].join("");

/** `npm run retention -- --trust RXC`: what would be due, by rule. A dry run: nothing deletes anything. */
export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: { trust: { type: "string" }, at: { type: "string" }, csv: { type: "string" } },
  });
  const at = values.at ?? new Date().toISOString().slice(0, 10);
  if (!z.iso.date().safeParse(at).success) return wrong("--at is a day: YYYY-MM-DD.");
  const custodian = values.trust?.toUpperCase();
  if (!members.some(({ odsCode }) => odsCode === custodian)) return wrong("Say --trust whose studies.");
  const manager = managerOf(custodian ?? "");
  if (!manager) return wrong(`Nobody of ${custodian} manages its archive in this demonstration.`);
  const { portalUrl, issuer } = await runningRegion();
  const token = await personToken({ issuer, portalUrl, ...manager });
  const { due, held, examined } = await allDue(async (after) => {
    const answer = await fetch(`${portalUrl}/api/trpc/study.listDue`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ custodian, at, ...(after ? { after } : {}) }),
    });
    if (!answer.ok) throw new Error(`The portal answered ${answer.status}.`);
    return Page.parse(await answer.json()).result.data;
  });
  if (values.csv) writeFileSync(path.resolve(process.env.INIT_CWD ?? process.cwd(), values.csv), asCsv(due));
  else for (const one of due) console.log([one.studyId, one.studyDate, one.until, one.reason].join("  "));
  console.log(
    `${custodian} on ${at}: of ${examined} studies ${due.length} would be due, ${held} more are held. Nothing was deleted.`,
  );
  return 0;
}
