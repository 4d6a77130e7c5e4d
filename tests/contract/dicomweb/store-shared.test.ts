import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { Region } from "@weald/dev-env/region";
import { sequence, text } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rows } from "../../integration/sent.ts";
import { ROOT } from "../../runner/run-command.ts";
import { post, related } from "./stow.ts";

const SHARED = path.join(ROOT, "../shared/dicom");
/** What one request may hold. */
const MOST_BYTES = 4_000_000;

const files = existsSync(SHARED)
  ? readdirSync(SHARED, { recursive: true, encoding: "utf8" })
      .filter((name) => /\.dcm$/i.test(name))
      .map((name) => path.join(SHARED, name))
      .filter((file) => statSync(file).size < MOST_BYTES)
  : [];
if (files.length === 0) process.stdout.write("LEFT OUT STOW-RS of collected files: ../shared/dicom\n");

describe.skipIf(files.length === 0)("STOW-RS of files that others made", () => {
  let region: Region;
  let token: string;
  beforeAll(async () => {
    region = await Region.create();
    token = await region.tokenOf(region.system("RXC"));
  });
  afterAll(() => region.stop());

  async function storedAs(sop: string): Promise<Buffer[]> {
    const found = await rows<{ key: string }>(
      region,
      "SELECT object_key AS key FROM instance WHERE sop_instance_uid = $1",
      sop,
    );
    return Promise.all(
      found.map(async ({ key }) => {
        const pieces: Uint8Array[] = [];
        for await (const piece of await region.service.ports.archive.read(key)) pieces.push(piece);
        return Buffer.concat(pieces);
      }),
    );
  }

  it("keeps each byte for byte, a preamble apart, or says by a code why not", {
    timeout: 600_000,
  }, async () => {
    const wrong: string[] = [];
    let kept = 0;
    for (const file of files) {
      const bytes = readFileSync(file);
      const { body, contentType } = related([bytes]);
      const headers = { "content-type": contentType };
      const { status, dataset } = await post({ url: `${region.dicomwebUrl}/studies`, token, body, headers });
      const [referenced] = sequence(dataset, "00081199");
      const [failure] = [...sequence(dataset, "00081198"), ...sequence(dataset, "0008119A")];
      const code = text(referenced ?? failure ?? {}, "00091001");
      const name = path.relative(SHARED, file);
      if (failure) {
        if (!code) wrong.push(`${name}: ${status} without a code`);
        continue;
      }
      if (code === "KEPT_AS_ALTERNATE") continue;
      const same = (await storedAs(text(referenced ?? {}, "00081155") ?? "")).some((stored) =>
        stored.subarray(128).equals(bytes.subarray(128)),
      );
      if (same) kept += 1;
      else wrong.push(`${name}: ${status} ${code ?? ""} not byte for byte`);
    }
    expect(wrong).toEqual([]);
    expect(kept).toBeGreaterThan(files.length / 2);
  });
});
