import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import { Region } from "@weald/dev-env/region";
import { mintUid } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bytesOf, dicom, rowan, sendAll } from "../sent.ts";
import { type EdgeProcess, edgeProcess, until } from "./edge-process.ts";
import { type RegionDoor, regionDoor } from "./region-door.ts";

const today = new Date().toISOString().slice(0, 10).replaceAll("-", "");
/** The newest is needed most: hours of the night before, which are past. */
const made = (hour: number) => {
  const yesterday = new Date(Date.now() - 24 * 3_600_000).toISOString().slice(0, 10).replaceAll("-", "");
  return bytesOf({
    of: rowan({ localNumber: `RXC-${hour}`, family: "Ash", nhs: "" }),
    study: mintUid(),
    date: yesterday,
    time: `${String(hour).padStart(2, "0")}0000`,
  });
};

describe("the room of what is kept at the gateway", () => {
  let region: Region;
  let door: RegionDoor;
  let edge: EdgeProcess;
  const each = made(0).length;
  const mostBytes = each * 3 + 100;

  beforeAll(async () => {
    region = await Region.create();
    door = await regionDoor(region);
    await sendAll(region, "RXC", ...[1, 2, 3, 4, 5].map((hour) => dicom(made(hour))));
    edge = await edgeProcess({
      regionUrl: door.url,
      config: {
        region: {
          portalUrl: door.url,
          issuer: door.url,
          dicomwebUrl: region.dicomwebUrl,
          clientId: "gateway-RXC",
          clientSecret: "secret of gateway-RXC",
        },
        cache: { mostBytes, checkSeconds: 0.2 },
        applicationEntities: [
          {
            title: "PACS1",
            client: {
              id: "system-RXC",
              secret: "secret of system-RXC",
              scope: "studies.read",
              isKeptFor: true,
            },
          },
        ],
      },
    });
  }, 120_000);
  afterAll(async () => {
    await edge?.stop();
    await door?.close();
    await region?.stop();
  });

  const kept = () => edge.metric("weald_edge_cache_studies_kept");
  function onDisk(): number {
    const folder = path.join(edge.home, "cache");
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
    return files
      .filter((file) => file.endsWith(".dcm"))
      .reduce(
        (sum, file) => sum + (statSync(path.join(folder, file), { throwIfNoEntry: false })?.size ?? 0),
        0,
      );
  }

  it("holds what is needed most, and no byte more than it may", async () => {
    await until("it is full", async () => (await kept()) === 3);
    expect(await edge.metric("weald_edge_cache_studies_wanted")).toBe(5);
    expect(await edge.metric("weald_edge_cache_bytes")).toBe(onDisk());
    expect(onDisk()).toBeLessThanOrEqual(mostBytes);
  });

  it("the least needed goes for what is needed more", async () => {
    const before = readdirSync(path.join(edge.home, "cache"));
    const newest = bytesOf({ date: today, time: "000001", study: mintUid() });
    await sendAll(region, "RXC", dicom(newest));
    const isIn = () => readdirSync(path.join(edge.home, "cache")).some((name) => !before.includes(name));
    await until("the newest is kept", async () => isIn() && (await kept()) === 3);
    expect(await edge.metric("weald_edge_cache_bytes")).toBeLessThanOrEqual(mostBytes);
    expect(onDisk()).toBeLessThanOrEqual(mostBytes);
  });
});
