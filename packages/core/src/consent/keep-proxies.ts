import { z } from "zod";
import { defineAction, type Tx } from "../kernel/index.ts";
import * as Patient from "../patient/index.ts";
import { findContacts } from "./contact.store.ts";
import { endLinks } from "./link.store.ts";
import { enqueueMessage } from "./message.store.ts";
import {
  endProxyNow,
  findActing,
  findDied,
  findProxies,
  noteTold,
  type PatientProxy,
  suspendProxy,
} from "./proxy.store.ts";
import { judgeProxy } from "./proxy.ts";
import { findSettings } from "./release.store.ts";
import { systemOnly } from "./staff.policy.ts";
import { raiseTask } from "./task.store.ts";

const ROUND = 100;

/** Both hear of it in time: who acts, and for whom. Where nothing is sent to either, whoever saw the evidence tells them. */
async function tell(tx: Tx, proxy: PatientProxy, age: number): Promise<void> {
  const { organisation, patientId, seenBy } = proxy;
  const contacts = await findContacts(tx, { patientId, organisation });
  for (const proxyId of [proxy.id, undefined]) {
    const contact = contacts.find((one) => one.proxyId === proxyId);
    const of = { organisation, patientId };
    if (contact)
      await enqueueMessage(tx, { ...of, contactId: contact.id, template: "proxy-review", madeBy: seenBy });
    else
      await raiseTask(tx, { ...of, kind: "proxy-review", forWhom: seenBy, proxyId: proxy.id, words: "tell" });
  }
  await noteTold(tx, proxy.id, age);
}

async function suspend(tx: Tx, proxy: PatientProxy, age: number): Promise<void> {
  const { organisation, patientId, seenBy } = proxy;
  await suspendProxy(tx, proxy.id, age);
  await raiseTask(tx, {
    ...{ organisation, patientId, kind: "proxy-review", forWhom: seenBy, proxyId: proxy.id, words: "review" },
  });
}

async function keepOne(tx: Tx, proxy: PatientProxy): Promise<"nothing" | "tell" | "suspend"> {
  const [record] = await Patient.findRecordsByIds(tx, [proxy.patientRecordId]);
  const { reviewAge } = await findSettings(tx, proxy.organisation);
  const judged = judgeProxy({ ...proxy, birthDate: record?.identity.birthDate, reviewAge }, tx.now);
  if (judged.do === "tell") await tell(tx, proxy, judged.age);
  if (judged.do === "suspend") await suspend(tx, proxy, judged.age);
  return judged.do;
}

async function endOfDead(tx: Tx, recordId: string) {
  const [record] = await Patient.findRecordsByIds(tx, [recordId]);
  if (!record) return [];
  const { patientId, custodian } = record;
  // By whichever trust it was said: the person died, not one record of them.
  for (const one of await Patient.findRecordsOfPatient(tx, patientId)) {
    for (const { id } of await findProxies(tx, { patientId, organisation: one.custodian }))
      await endProxyNow(tx, id, { by: tx.actor.id, why: "death" });
    await endLinks(tx, { organisation: one.custodian, patientId }, { by: tx.actor.id, why: "death" });
  }
  return [{ patientId, custodian }];
}

/** Proxies at the ages at which they are looked at again, and links and proxies of who died. A round at a time: `next` says where to go on. */
export const keepProxies = defineAction({
  name: "consent.keep-proxies",
  input: z.object({ after: z.uuid().optional() }),
  policy: systemOnly,
  load: async () => null,
  async run(tx, { after }) {
    const ended = [];
    for (const recordId of after ? [] : await findDied(tx, ROUND))
      ended.push(...(await endOfDead(tx, recordId)));
    const acting = await findActing(tx, after, ROUND);
    const kept = [];
    for (const proxy of acting) kept.push({ proxy, did: await keepOne(tx, proxy) });
    return {
      ended,
      kept: kept.filter(({ did }) => did !== "nothing"),
      next: acting.length === ROUND ? acting.at(-1)?.id : undefined,
    };
  },
  after: async (_ctx, { ended, kept, next }) => ({ ended: ended.length, kept: kept.length, next }),
  audit: {
    how: "each",
    verb: "changed",
    subjects: (_input, done) => [
      ...(done?.ended ?? []).map((one) => ({ ...one, detail: { act: "ended-at-death" } })),
      ...(done?.kept ?? []).map(({ proxy, did }) => ({
        ...{ patientId: proxy.patientId, custodian: proxy.organisation },
        detail: { proxyId: proxy.id, act: did },
      })),
    ],
  },
});
