import { Region } from "@weald/dev-env/region";
import { mintUid } from "@weald/dicom";
import { api } from "dicomweb-client";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { XMLHttpRequest } from "xmlhttprequest-ssl";
import { bytesOf, rows } from "../../integration/sent.ts";

/** The polyfill takes a Buffer where a browser takes an ArrayBuffer. */
function asInTheBrowser() {
  const instance = new XMLHttpRequest();
  const send = instance.send.bind(instance);
  instance.send = (body) => send(body instanceof ArrayBuffer ? Buffer.from(body) : body);
  return { instance };
}

describe("STOW-RS with dicomweb-client", () => {
  let region: Region;
  let client: api.DICOMwebClient;
  beforeAll(async () => {
    region = await Region.create();
    await region.cloud.start();
    const token = await region.tokenOf(region.system("RXC"));
    client = new api.DICOMwebClient({
      url: region.dicomwebUrl,
      singlepart: false,
      headers: { Authorization: `Bearer ${token}` },
    });
  });
  afterAll(() => region.stop());

  it("stores what its storeInstances sends, byte for byte", async () => {
    const study = mintUid();
    const sent = [1, 2].map((number) => ({ sop: mintUid(), number }));
    const datasets = sent.map((one) => Uint8Array.from(bytesOf({ study, ...one })).buffer);
    await client.storeInstances({
      datasets,
      studyInstanceUID: study,
      request: asInTheBrowser(),
    });
    for (const [index, { sop }] of sent.entries()) {
      const [row] = await rows<{ key: string }>(
        region,
        "SELECT object_key AS key FROM instance WHERE sop_instance_uid = $1",
        sop,
      );
      const pieces: Uint8Array[] = [];
      for await (const piece of await region.service.ports.archive.read(row?.key ?? "")) pieces.push(piece);
      expect(Buffer.concat(pieces).equals(Buffer.from(datasets[index] ?? new ArrayBuffer(0)))).toBe(true);
    }
  });

  it("tells it by a failure what could not be stored", async () => {
    // The client prints what it was answered.
    vi.spyOn(console, "error").mockImplementation(() => {});
    vi.spyOn(console, "log").mockImplementation(() => {});
    const datasets = [
      Uint8Array.from(Buffer.from("no DICOM object at all, only a text of some length")).buffer,
    ];
    await expect(client.storeInstances({ datasets, request: asInTheBrowser() })).rejects.toMatchObject({
      status: 409,
    });
  });
});
