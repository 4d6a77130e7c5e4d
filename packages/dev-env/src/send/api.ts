import type { Urgency } from "@weald/core/ports";
import { z } from "zod";

/** The portal's endpoints of sending, as an outside program uses them: tRPC over HTTP with a bearer token. */
export type SendingApi = {
  beginUpload(): Promise<{ uploadId: string; custodian: string }>;
  signItems(uploadId: string, files: readonly NewFile[]): Promise<SignedFile[]>;
  readOutcomes(uploadId: string, itemIds: readonly string[]): Promise<FileOutcome[]>;
  finishUpload(uploadId: string): Promise<void>;
};

/** What a source has of a study, against what is here. */
export type ReconcilingApi = {
  reconcile(studyInstanceUid: string, sopInstanceUids: readonly string[]): Promise<Reconciled>;
};

export type Kind = "dicom" | "hl7";
export type NewFile = { ref: string; sizeBytes: number; kind: Kind; urgency?: Urgency | undefined };

const Signed = z.object({
  ref: z.string(),
  itemId: z.string(),
  put: z.object({ url: z.string(), headers: z.record(z.string(), z.string()) }),
});
export type SignedFile = z.output<typeof Signed>;

const Outcome = z.object({
  itemId: z.string(),
  outcome: z.enum(["accepted", "duplicate", "alternate", "quarantined", "skipped"]),
  code: z.string().optional(),
  message: z.string().optional(),
  studyId: z.string().optional(),
});
export type FileOutcome = z.output<typeof Outcome>;

const Reconciled = z.object({
  heldOfStudy: z.number(),
  notHere: z.array(
    z.object({ sopInstanceUid: z.string(), code: z.string().optional(), message: z.string().optional() }),
  ),
});
export type Reconciled = z.output<typeof Reconciled>;

const Answer = z.object({ result: z.object({ data: z.unknown() }) });

const Refusal = z.object({
  error: z.object({
    message: z.string(),
    data: z.object({ weald: z.object({ code: z.string(), reason: z.string().optional() }).optional() }),
  }),
});

/** The portal, or the identity provider, said no, with its code and the status of HTTP. */
export class SendRefused extends Error {
  readonly code: string;
  readonly status: number;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

async function refusalOf(answer: Response): Promise<SendRefused> {
  const parsed = Refusal.safeParse(await answer.json().catch(() => undefined));
  if (!parsed.success)
    return new SendRefused(answer.status, "PORTAL_FAILED", `The portal answered ${answer.status}.`);
  const { message, data } = parsed.data.error;
  const why = data.weald?.reason ? ` (${data.weald.reason})` : "";
  return new SendRefused(answer.status, data.weald?.code ?? "REFUSED", `${message}${why}`);
}

export type PortalCall = <T extends z.ZodType>(
  procedure: string,
  input: unknown,
  shape: T,
) => Promise<z.output<T>>;

/** One procedure of the portal, for whoever the token is of. */
export const portalCaller =
  (portalUrl: string, token: () => Promise<string>): PortalCall =>
  async (procedure, input, shape) => {
    const answer = await fetch(`${portalUrl}/api/trpc/${procedure}`, {
      method: "POST",
      headers: { authorization: `Bearer ${await token()}`, "content-type": "application/json" },
      body: JSON.stringify(input),
    });
    if (!answer.ok) throw await refusalOf(answer);
    const { result } = Answer.parse(await answer.json());
    return shape.parse(result.data);
  };

export type SendingDoor = "send" | "import";

export function sendingApi(
  portalUrl: string,
  token: () => Promise<string>,
  door: SendingDoor = "send",
): SendingApi & ReconcilingApi {
  const call = portalCaller(portalUrl, token);
  return {
    beginUpload: () =>
      call("ingest.beginUpload", { door }, z.object({ uploadId: z.string(), custodian: z.string() })),
    async signItems(uploadId, files) {
      return (await call("ingest.signItems", { uploadId, files }, z.object({ items: z.array(Signed) })))
        .items;
    },
    readOutcomes: (uploadId, itemIds) => call("ingest.readOutcomes", { uploadId, itemIds }, z.array(Outcome)),
    async finishUpload(uploadId) {
      await call("ingest.finishUpload", { uploadId }, z.unknown());
    },
    reconcile: (studyInstanceUid, sopInstanceUids) =>
      call("ingest.reconcile", { studyInstanceUid, sopInstanceUids }, Reconciled),
  };
}
