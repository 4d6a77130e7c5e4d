import { EXPLICIT_LITTLE } from "@weald/dicom";
import dimse from "dcmjs-dimse";
import { CALLED } from "./edge-process.ts";

export { CALLED };

dimse.log.setLevel("silent");

const { requests, responses, association } = dimse;
type Request = InstanceType<typeof requests.Request>;
type Response = InstanceType<typeof responses.Response>;

/** A data set whose bytes go over the line as they are. */
class Raw extends dimse.Dataset {
  readonly #bytes: Buffer;
  constructor(bytes: Uint8Array, transferSyntaxUid: string) {
    super({}, transferSyntaxUid);
    this.#bytes = Buffer.from(bytes);
  }
  override getDenaturalizedDataset(): Buffer {
    return this.#bytes;
  }
}

export type ToStore = {
  sopClassUid?: string;
  sopInstanceUid: string;
  dataset: Uint8Array;
  transferSyntaxUid?: string;
  priority?: number;
};

export type Scu = { port: number; calling?: string; called?: string; tls?: Record<string, unknown> };

/** One association with these requests; resolves when it is over, with the last response of each, or how it ended. */
export function associate(
  { port, calling = "CT1", called = CALLED, tls }: Scu,
  wanted: readonly { request: Request; transferSyntaxUid?: string }[],
): Promise<{ ended: string; responses: (Response | undefined)[]; rejected?: { reason: number } }> {
  const client = new dimse.Client();
  const answers: (Response | undefined)[] = wanted.map(() => undefined);
  wanted.forEach(({ request, transferSyntaxUid }, index) => {
    request.on("response", (response: Response) => {
      answers[index] = response;
    });
    client.addRequest(request);
    if (!transferSyntaxUid) return;
    const context = new association.PresentationContext(0, request.getAffectedSopClassUid());
    context.addTransferSyntaxUid(transferSyntaxUid);
    client.addAdditionalPresentationContext(context, true);
  });
  return new Promise((resolve) => {
    let ended = "closed";
    let rejected: { reason: number } | undefined;
    client.on("associationReleased", () => {
      ended = "released";
    });
    client.on("associationRejected", (why: { reason: number }) => {
      ended = "rejected";
      rejected = why;
    });
    client.on("networkError", () => {
      ended = "broken";
    });
    client.on("closed", () => resolve({ ended, responses: answers, ...(rejected ? { rejected } : {}) }));
    client.send("127.0.0.1", port, calling, called, tls ? { securityOptions: tls } : {});
  });
}

export const DX = "1.2.840.10008.5.1.4.1.1.1.1";

export function storeRequest({ sopClassUid = DX, sopInstanceUid, dataset, ...more }: ToStore): {
  request: Request;
  transferSyntaxUid: string;
} {
  const { transferSyntaxUid = EXPLICIT_LITTLE, priority } = more;
  const request = new requests.CStoreRequest(undefined as never, priority);
  request.setAffectedSopClassUid(sopClassUid);
  request.setAffectedSopInstanceUid(sopInstanceUid);
  request.setDataset(new Raw(dataset, transferSyntaxUid));
  return { request, transferSyntaxUid };
}

/** Stores by C-STORE; the status of each, `undefined` where no answer came. */
export async function store(scu: Scu, objects: readonly ToStore[]): Promise<(number | undefined)[]> {
  const { responses: answers } = await associate(scu, objects.map(storeRequest));
  return answers.map((answer) => answer?.getStatus());
}

export const echo = (scu: Scu) => associate(scu, [{ request: new requests.CEchoRequest() }]);
