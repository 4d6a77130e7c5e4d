import { EXPLICIT_LITTLE } from "@weald/dicom";
import dimse from "dcmjs-dimse";

dimse.log.setLevel("silent");

export type StoreScp = {
  port: number;
  /** By SOP Instance UID. */
  stored: Map<string, { dataset: Buffer; originator: string }>;
  close(): void;
};

type Stream = { toBuffer(): Buffer };

/** A workstation that takes explicit little endian and nothing else. */
export function storeScp(): Promise<StoreScp> {
  const stored: StoreScp["stored"] = new Map();
  let last: Buffer = Buffer.alloc(0);
  class Workstation extends dimse.Scp {
    override associationRequested(asked: InstanceType<typeof dimse.association.Association>): void {
      const { Accept, RejectTransferSyntaxesNotSupported } = dimse.constants.PresentationContextResult;
      for (const { context } of asked.getPresentationContexts()) {
        const isOurs = context.hasTransferSyntaxUid(EXPLICIT_LITTLE);
        if (isOurs) context.setResult(Accept, EXPLICIT_LITTLE);
        else context.setResult(RejectTransferSyntaxesNotSupported);
      }
      this.sendAssociationAccept();
    }
    override createDatasetFromStoreWritableStream(
      writable: unknown,
      _context: unknown,
      done: (dataset: InstanceType<typeof dimse.Dataset>) => void,
    ): void {
      last = (writable as Stream).toBuffer();
      done(new dimse.Dataset({}, EXPLICIT_LITTLE));
    }
    override cStoreRequest(
      request: InstanceType<typeof dimse.requests.CStoreRequest>,
      callback: (response: InstanceType<typeof dimse.responses.CStoreResponse>) => void,
    ): void {
      const originator = String(
        request.getCommandDataset().getElement("MoveOriginatorApplicationEntityTitle"),
      );
      stored.set(request.getAffectedSopInstanceUid(), { dataset: last, originator });
      const response = dimse.responses.CStoreResponse.fromRequest(request);
      response.setStatus(0);
      callback(response);
    }
    override associationReleaseRequested(): void {
      this.sendAssociationReleaseResponse();
    }
  }
  const server = new dimse.Server(Workstation);
  return new Promise((resolve) => {
    server.on("listening", () => {
      const inner = Reflect.get(server, "server") as { address(): { port: number } };
      resolve({ port: inner.address().port, stored, close: () => server.close() });
    });
    server.listen(0);
  });
}
