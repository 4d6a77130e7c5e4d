import * as Ingest from "@weald/core/ingest";
import { Region } from "@weald/dev-env/region";
import { mintUid, sequence, text } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { after, at, bytesOf, rows, systemCtx } from "../../integration/sent.ts";
import { post, related } from "./stow.ts";

describe("STOW-RS while nothing takes in what arrives", () => {
  let region: Region;
  beforeAll(async () => {
    // The function that takes in is away, and the queues stand still until they are drained.
    region = await Region.create({ environment: { WEALD_ACCEPT_FUNCTION: "Nobody" } });
  });
  afterAll(() => region.stop());

  it("says 202 for what is durable and not yet indexed, which then is, without being sent again", async () => {
    const sop = mintUid();
    const { body, contentType } = related([bytesOf({ sop })]);
    const sent = {
      url: `${region.dicomwebUrl}/studies`,
      token: await region.tokenOf(region.system("RXC")),
      body,
      headers: { "content-type": contentType },
    };
    const { status, dataset, warning } = await post(sent);
    expect([status, warning]).toEqual([
      202,
      expect.stringContaining("1 safely received, and not yet indexed"),
    ]);
    expect(sequence(dataset, "00081199").map((item) => text(item, "00091001"))).toEqual(["ON_ITS_WAY"]);
    // The sweep finds what nobody took in.
    await Ingest.sweepInbox(at(systemCtx(region), after(1)), {});
    await region.drain();
    expect(await rows(region, "SELECT 1 FROM instance WHERE sop_instance_uid = $1", sop)).toHaveLength(1);
  });
});
