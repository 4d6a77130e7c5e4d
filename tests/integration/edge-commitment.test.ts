import { Region } from "@weald/dev-env/region";
import { EXPLICIT_LITTLE, mintUid, writeDataset } from "@weald/dicom";
import dimse from "dcmjs-dimse";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type EdgeProcess, edgeProcess, until } from "./edge/edge-process.ts";
import { type RegionDoor, regionDoor } from "./edge/region-door.ts";
import { type Relay, relay } from "./edge/relay.ts";
import { CALLED, DX, store } from "./edge/scu.ts";
import { datasetOf } from "./sent.ts";

const COMMITMENT = "1.2.840.10008.1.20.1";
const INSTANCE = "1.2.840.10008.1.20.1.1";
type Event = InstanceType<typeof dimse.requests.NEventReportRequest>;
type Told = { eventTypeId: number; safe: string[]; failed: [string, number][]; transaction: string };
type Item = { ReferencedSOPInstanceUID: string; FailureReason: number };

const itemsOf = (value: unknown): Item[] =>
  value === undefined ? [] : Array.isArray(value) ? [...value] : [value as Item];

function told(event: Event): Told {
  const elements = event.getDataset()?.getElements() ?? {};
  return {
    eventTypeId: event.getEventTypeId(),
    transaction: String(elements.TransactionUID),
    safe: itemsOf(elements.ReferencedSOPSequence).map((item) => item.ReferencedSOPInstanceUID),
    failed: itemsOf(elements.FailedSOPSequence).map((item) => [
      item.ReferencedSOPInstanceUID,
      item.FailureReason,
    ]),
  };
}

/** A modality that listens for what is reported later. */
function listening(): Promise<{ port: number; events: Told[]; close(): void }> {
  const events: Told[] = [];
  class Modality extends dimse.Scp {
    override associationRequested(asked: InstanceType<typeof dimse.association.Association>): void {
      for (const { context } of asked.getPresentationContexts())
        context.setResult(dimse.constants.PresentationContextResult.Accept, EXPLICIT_LITTLE);
      this.sendAssociationAccept();
    }
    override nEventReportRequest(
      request: Event,
      callback: (response: InstanceType<typeof dimse.responses.NEventReportResponse>) => void,
    ): void {
      events.push(told(request));
      const response = dimse.responses.NEventReportResponse.fromRequest(request);
      response.setStatus(0);
      callback(response);
    }
    override associationReleaseRequested(): void {
      this.sendAssociationReleaseResponse();
    }
  }
  const server = new dimse.Server(Modality);
  return new Promise((resolve) => {
    server.on("listening", () => {
      const inner = Reflect.get(server, "server") as { address(): { port: number } };
      resolve({ port: inner.address().port, events, close: () => server.close() });
    });
    server.listen(0);
  });
}

describe("storage commitment", () => {
  let region: Region;
  let door: RegionDoor;
  let api: Relay;
  let edge: EdgeProcess;
  let modality: Awaited<ReturnType<typeof listening>>;
  beforeAll(async () => {
    region = await Region.create();
    door = await regionDoor(region);
    api = await relay(door.url);
    modality = await listening();
    edge = await edgeProcess({
      regionUrl: api.url,
      config: {
        applicationEntities: [{ title: "CT1", host: "127.0.0.1", port: modality.port }, { title: "MR1" }],
      },
    });
  });
  afterAll(async () => {
    await edge?.stop();
    modality?.close();
    await api?.close();
    await door?.close();
    await region?.stop();
  });

  const anObject = () => {
    const sopInstanceUid = mintUid();
    return { sopInstanceUid, dataset: writeDataset(datasetOf({ sop: sopInstanceUid }), EXPLICIT_LITTLE) };
  };

  /** Asks, and waits so long on the association for the report. */
  function ask(calling: string, uids: readonly string[], lingerMs: number) {
    const transaction = mintUid();
    const request = new dimse.requests.NActionRequest(COMMITMENT, INSTANCE, 1);
    request.setDataset(
      new dimse.Dataset(
        {
          TransactionUID: transaction,
          ReferencedSOPSequence: uids.map((uid) => ({
            ReferencedSOPClassUID: DX,
            ReferencedSOPInstanceUID: uid,
          })),
        },
        EXPLICIT_LITTLE,
      ),
    );
    const events: Told[] = [];
    let status: number | undefined;
    const client = new dimse.Client();
    request.on("response", (response: InstanceType<typeof dimse.responses.Response>) => {
      status = response.getStatus();
    });
    client.addRequest(request);
    client.on("nEventReportRequest", (event: Event, callback: (response: unknown) => void) => {
      events.push(told(event));
      const response = dimse.responses.NEventReportResponse.fromRequest(event);
      response.setStatus(0);
      callback(response);
    });
    const over = new Promise<void>((resolve) => client.on("closed", resolve));
    client.send("127.0.0.1", edge.dimsePort(), calling, CALLED, { associationLingerTimeout: lingerMs });
    return over.then(() => ({ transaction, status, events }));
  }

  it("is success for what the region has taken in, a reason for what nobody sent", async () => {
    const [one, other] = [anObject(), anObject()];
    await store({ port: edge.dimsePort(), calling: "MR1" }, [one, other]);
    await edge.settled();
    const unknown = mintUid();
    const whole = await ask("MR1", [one.sopInstanceUid, other.sopInstanceUid], 1500);
    expect(whole.status).toBe(0);
    expect(whole.events).toEqual([
      {
        eventTypeId: 1,
        transaction: whole.transaction,
        safe: [one.sopInstanceUid, other.sopInstanceUid],
        failed: [],
      },
    ]);
    const part = await ask("MR1", [one.sopInstanceUid, unknown], 1500);
    expect(part.events).toMatchObject([
      { eventTypeId: 2, safe: [one.sopInstanceUid], failed: [[unknown, 0x0112]] },
    ]);
  });

  it("waits for the region, over a restart, and is then reported where the modality listens", async () => {
    api.cut();
    const one = anObject();
    await store({ port: edge.dimsePort() }, [one]);
    const { transaction, status, events } = await ask("CT1", [one.sopInstanceUid], 0);
    expect(status).toBe(0);
    expect(events).toEqual([]);
    // Nobody is told that it is safe while it lies here alone, however long they listen.
    expect((await ask("MR1", [one.sopInstanceUid], 1500)).events).toEqual([]);
    await edge.kill();
    await edge.start();
    expect(modality.events).toEqual([]);
    api.mend();
    await until("the report", () => modality.events.length > 0);
    expect(modality.events).toEqual([
      { eventTypeId: 1, transaction, safe: [one.sopInstanceUid], failed: [] },
    ]);
  });
});
