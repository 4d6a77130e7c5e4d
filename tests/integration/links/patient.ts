import { randomUUID } from "node:crypto";
import * as Consent from "@weald/core/consent";
import type { Ctx } from "@weald/core/kernel";
import { Region } from "@weald/dev-env/region";
import { mintUid } from "@weald/dicom";
import { at, bytesOf, dicom, rowan, rows, type Said, type Shot, sendAll, studyIdOf } from "../sent.ts";

/** How a patient's browser asks, for tests: what the door does, without the door. */
export const AGENT = "Mozilla/5.0 (iPhone; a test)";
export const ADDRESS = "192.0.2.7";

export const doorOf = (region: Region): Ctx => ({
  ...region.ctxOf({ kind: "system", id: "portal" }),
  door: "link",
});

/** A region whose trust lets its patients see their images at once, and who shares and rules there. */
export async function openRegion(): Promise<{ region: Region; staff: Ctx; manager: Ctx }> {
  const region = await Region.create();
  const [staff, manager] = [region.as("amara.okafor@RXC"), region.as("tom.reyes")];
  await Consent.setRule(manager, { modality: "", rule: { kind: "at-once" } });
  return { region, staff, manager };
}

let people = 0;
/** Somebody of their own: tests of one region don't meet. */
export const somebody = (more: Partial<Said> = {}): Said => {
  people += 1;
  return rowan({ localNumber: `LNK-${people}`, family: `Ash${people}`, given: "Robin", nhs: "", ...more });
};

export type Sent = { studyId: string; patientId: string; study: string };

/** A study of so many images, whole by its source's count. */
export async function sendStudy(
  region: Region,
  { of, images = 2, shot = {}, trust = "RXC" }: { of: Said; images?: number; shot?: Shot; trust?: string },
): Promise<Sent> {
  const [study, series] = [mintUid(), mintUid()];
  const files = Array.from({ length: images }, (_, index) =>
    dicom(bytesOf({ study, series, of, number: index + 1, counted: images, ...shot })),
  );
  await sendAll(region, trust, ...files);
  await region.cloud.tick("SettleSeries");
  await region.drain();
  const studyId = await studyIdOf(region, study, trust);
  const [found] = await rows<{ id: string }>(
    region,
    "SELECT patient_id::text AS id FROM study WHERE id = $1::uuid",
    studyId,
  );
  return { studyId, patientId: found?.id ?? "", study };
}

export async function contactOf(
  ctx: Ctx,
  patientId: string,
  address = `robin.${randomUUID()}@example.org`,
): Promise<{ contactId: string; address: string }> {
  const { contactId } = await Consent.saveContact(ctx, {
    ...{ contactId: randomUUID(), patientId, channel: "email", address },
  });
  return { contactId, address };
}

type Wanted = Partial<Parameters<typeof Consent.share>[1]>;

/** A link to a study, and to whom it goes. */
export async function shared(ctx: Ctx, sent: Sent, more: Wanted = {}) {
  const { contactId, address } = await contactOf(ctx, sent.patientId);
  const linkId = randomUUID();
  await Consent.share(ctx, {
    linkId,
    scopes: [{ studyId: sent.studyId, shows: { kind: "study" } }],
    delivery: "in-person",
    contactId,
    hasReport: true,
    ...more,
  });
  return { linkId, address, contactId };
}

export const codeIn = (text: string): string => /code is ([0-9]{6})/.exec(text)?.[1] ?? "000000";
export const tokenIn = (text: string): string => /\/link#([A-Za-z0-9_-]{22})/.exec(text)?.[1] ?? "none";

export async function newestTo(region: Region, address: string, template: string) {
  return (await region.letters()).find((one) => one.to === address && one.template === template);
}

/** Asks for a code and gives it. */
export async function proved(
  region: Region,
  {
    token,
    address,
    from = ADDRESS,
    agent = AGENT,
  }: { token: string; address: string; from?: string; agent?: string },
) {
  const door = doorOf(region);
  await Consent.askCode(door, { token, address: from });
  const letter = await newestTo(region, address, "code");
  return Consent.proveCode(door, {
    ...{ token, address: from, agent, device: "phone" },
    code: codeIn(letter?.text ?? ""),
  });
}

/** The context of a session by its cookie's secret. `undefined`: it opens nothing. */
export async function sessionOf(region: Region, secret: string, agent = AGENT): Promise<Ctx | undefined> {
  const actor = await Consent.findSession(doorOf(region), { secret, agent });
  return actor && { ...region.ctxOf(actor), door: "link", session: { id: actor.id } };
}

/** A patient who has opened a link to this study. */
export async function opened(region: Region, staff: Ctx, sent: Sent, more: Wanted = {}) {
  const { linkId, address } = await shared(staff, sent, more);
  const { token } = await Consent.handOver(staff, { linkId });
  const proof = await proved(region, { token, address });
  if (proof.state !== "open") throw new Error(`not opened: ${proof.state}`);
  const patient = await sessionOf(region, proof.secret);
  if (!patient) throw new Error("no session");
  return { linkId, address, token, patient, secret: proof.secret };
}

export { at };
