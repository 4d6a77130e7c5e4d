import * as Ingest from "@weald/core/ingest";
import type { Ctx } from "@weald/core/kernel";
import * as Mdt from "@weald/core/mdt";
import * as Worklist from "@weald/core/worklist";
import type { Region } from "@weald/dev-env/region";
import { bytesSource, type Source } from "@weald/dev-env/send";
import { type DicomJson, EXPLICIT_LITTLE, mintUid, writePart10 } from "@weald/dicom";

/** Whom a message or an image names. Invented; NHS numbers are of the 999 range kept for tests. */
export type Said = {
  localNumber: string;
  nhs?: string;
  family: string;
  given: string;
  /** YYYYMMDD */
  born: string;
  sex: string;
};

export const rowan = (more: Partial<Said> = {}): Said => ({
  localNumber: "RXC-1001",
  nhs: "9990000018",
  family: "Alder",
  given: "Rowan",
  born: "19610403",
  sex: "F",
  ...more,
});

export type Shot = {
  of?: Said;
  study?: string;
  series?: string;
  sop?: string;
  /** Instance Number. */
  number?: number;
  /** Number of Series Related Instances: the source's count. */
  counted?: number;
  accession?: string;
  modality?: string;
  date?: string;
  time?: string;
  description?: string;
  /** Value of every byte of the pixels. */
  grey?: number;
  more?: DicomJson;
};

const one = (vr: string, ...Value: (string | number)[]) => ({ vr, Value });

export function datasetOf(shot: Shot): DicomJson {
  const said = shot.of ?? rowan();
  const nhs = said.nhs && {
    "00100020": one("LO", said.nhs),
    "00100021": one("LO", "NHS"),
    "00100022": one("CS", "TEXT"),
  };
  return {
    "00080005": one("CS", "ISO_IR 192"),
    "00080016": one("UI", "1.2.840.10008.5.1.4.1.1.1.1"),
    "00080018": one("UI", shot.sop ?? mintUid()),
    "00080020": one("DA", shot.date ?? "20261101"),
    "00080030": one("TM", shot.time ?? "093000"),
    ...(shot.accession ? { "00080050": one("SH", shot.accession) } : {}),
    "00080060": one("CS", shot.modality ?? "DX"),
    ...(shot.description ? { "00081030": one("LO", shot.description) } : {}),
    "00100010": { vr: "PN", Value: [{ Alphabetic: `${said.family}^${said.given}` }] },
    "00100020": one("LO", said.localNumber),
    "00100030": one("DA", said.born),
    "00100040": one("CS", said.sex),
    ...(nhs ? { "00101002": { vr: "SQ", Value: [nhs] } } : {}),
    "0020000D": one("UI", shot.study ?? mintUid()),
    "0020000E": one("UI", shot.series ?? mintUid()),
    "00200013": one("IS", shot.number ?? 1),
    ...(shot.counted ? { "00201209": one("IS", shot.counted) } : {}),
    "00280002": one("US", 1),
    "00280004": one("CS", "MONOCHROME2"),
    "00280010": one("US", 4),
    "00280011": one("US", 4),
    "00280100": one("US", 16),
    "00280101": one("US", 12),
    "00280102": one("US", 11),
    "00280103": one("US", 0),
    ...shot.more,
  };
}

export const bytesOf = (shot: Shot): Uint8Array =>
  writePart10({
    dataset: datasetOf(shot),
    pixelData: new Uint8Array(32).fill(shot.grey ?? 7),
    transferSyntaxUid: EXPLICIT_LITTLE,
  });

let made = 0;
export const dicom = (bytes: Uint8Array): Source => {
  made += 1;
  return bytesSource(`${made}.dcm`, "dicom", bytes);
};
export const image = (shot: Shot): Source => dicom(bytesOf(shot));

export type Spoken = {
  of?: Said;
  trust?: string;
  accession: string;
  /** Message control id. */
  id: string;
  /** YYYYMMDDHHMMSS */
  at: string;
};

const escaped = (text: string) => text.replaceAll("&", "\\T\\");
const head = (type: string, { trust = "RXC", at, id }: Spoken) =>
  `MSH|^~\\&|RIS|${trust}|WEALD|REGION|${at}||${type}|${id}|P|2.5.1||||||UNICODE UTF-8`;
const pid = ({ of = rowan(), trust = "RXC" }: Spoken) =>
  `PID|1||${of.localNumber}^^^${trust}^MR${of.nhs ? `~${of.nhs}^^^NHS^NH` : ""}||${of.family}^${of.given}||${of.born}|${of.sex}`;
const hl7 = (...segments: string[]): Source => {
  made += 1;
  return bytesSource(`${made}.hl7`, "hl7", Buffer.from(segments.join("\r"), "utf8"));
};

export const report = (
  spoken: Spoken & { status: "P" | "F" | "C" | "A"; text: string; filler?: string },
): Source => {
  const { accession, filler = spoken.accession, trust = "RXC", status } = spoken;
  const fields = [
    "1",
    `${accession}^${trust}`,
    `${filler}^${trust}`,
    "XCHES^Chest^NICIP",
    ...Array(13).fill(""),
    accession,
  ];
  const rest = [
    ...fields,
    "",
    "",
    "",
    spoken.at,
    "",
    "",
    status,
    "",
    "",
    "",
    "",
    "",
    "",
    "^Okafor^Amara^^^Dr^Consultant radiologist",
  ];
  return hl7(
    head("ORU^R01", spoken),
    pid(spoken),
    `OBR|${rest.join("|")}`,
    `OBX|1|TX|R||${escaped(spoken.text)}||||||${status}`,
  );
};

export const request = (
  spoken: Spoken & { control?: string; status?: string; referrer?: string; question?: string },
): Source => {
  const { accession, trust = "RXC", at, control = "NW", status = "", referrer = "", question = "" } = spoken;
  const ei = `${accession}^${trust}`;
  return hl7(
    head("ORM^O01", spoken),
    pid(spoken),
    `ORC|${control}|${ei}|${ei}||${status}||||${at}|||${referrer}`,
    `OBR|1|${ei}|${ei}|XCHES^Chest^NICIP|||||||||${question}|||${referrer}`,
  );
};

export const systemCtx = (region: Region): Ctx => region.ctxOf({ kind: "system", id: "test" });

/** The same context at another time of the clock. */
export const at = (ctx: Ctx, time: Date): Ctx => ({ ...ctx, service: { ...ctx.service, now: () => time } });
export const after = (hours: number): Date => new Date(Date.now() + hours * 3_600_000);

/** Looks into or changes rows as the system does, below the actions. */
export const rows = <T>(region: Region, sql: string, ...values: unknown[]): Promise<T[]> =>
  region.service.db.transaction({ organisation: null, patients: [], now: new Date() }, (tx) =>
    tx.$queryRawUnsafe<T[]>(sql, ...values),
  );

export async function studyIdOf(
  region: Region,
  studyInstanceUid: string,
  custodian = "RXC",
): Promise<string> {
  const [found] = await rows<{ id: string }>(
    region,
    "SELECT id::text FROM study WHERE study_instance_uid = $1 AND custodian = $2",
    studyInstanceUid,
    custodian,
  );
  if (!found) throw new Error(`no study ${studyInstanceUid} of ${custodian}`);
  return found.id;
}

/** The row of a study on somebody's own list. */
export async function rowOn(ctx: Ctx, studyInstanceUid: string) {
  const { rows: listed } = await Worklist.list(ctx, {});
  return listed.find((row) => row.studyInstanceUid === studyInstanceUid);
}

export async function sendAll(region: Region, odsCode: string, ...sources: Source[]): Promise<string[]> {
  const sent = await region.send(odsCode, sources);
  const order = new Map(sources.map(({ name }, index) => [name, index]));
  return sent
    .toSorted((a, b) => (order.get(a.file) ?? 0) - (order.get(b.file) ?? 0))
    .map(({ outcome, code }) => [outcome ?? "none", code].filter(Boolean).join(" "));
}

/** Sends without the sender's word that it has finished: what it brought stays open. */
export async function sendUnfinished(
  region: Region,
  odsCode: string,
  sources: readonly Source[],
): Promise<void> {
  const ctx = region.gateway(odsCode);
  const { uploadId } = await Ingest.beginUpload(ctx, { door: "send" });
  const files = sources.map(({ sizeBytes }, index) => ({
    ref: String(index),
    sizeBytes,
    kind: "dicom" as const,
  }));
  for (const { ref, put } of (await Ingest.signItems(ctx, { uploadId, files })).items) {
    const body = await sources[Number(ref)]?.read();
    if (!(body instanceof Uint8Array)) throw new Error("a test's source holds bytes");
    const answer = await fetch(put.url, {
      method: put.method,
      headers: put.headers,
      body: Buffer.from(body),
    });
    if (!answer.ok) throw new Error(`the store answered ${answer.status}`);
  }
  await region.drain();
}

export async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "done";
  } catch (error) {
    if (!(error instanceof Error)) return "no error";
    if ("reason" in error) return String(error.reason);
    return "code" in error ? String(error.code) : error.message;
  }
}

/**
 * A cursor since which nothing has changed. PostgreSQL counts open transactions of every database of its server, so a cursor that was
 * read while another test wrote may tell of a change once too often, never too seldom.
 */
async function quiet(
  read: () => Promise<{ changeCursor: string }>,
  hasChanged: (since: string) => Promise<{ changed: boolean }>,
): Promise<string> {
  const until = Date.now() + 30_000;
  for (;;) {
    const { changeCursor } = await read();
    if (!(await hasChanged(changeCursor)).changed) return changeCursor;
    if (Date.now() > until) throw new Error("what was read is never quiet");
  }
}

/** Of somebody's list. */
export const quietCursor = (ctx: Ctx): Promise<string> =>
  quiet(
    () => Worklist.list(ctx, {}),
    (since) => Worklist.hasChanged(ctx, { since }),
  );

/** Of a meeting's. */
export const quietMeeting = (ctx: Ctx, meetingId: string): Promise<string> =>
  quiet(
    () => Mdt.readMeeting(ctx, { meetingId }),
    (since) => Mdt.hasChanged(ctx, { meetingIds: [meetingId], since }),
  );
