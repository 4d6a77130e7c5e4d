import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { createDicomwebPeer } from "@weald/adapters/peer/dicomweb";
import * as Ingest from "@weald/core/ingest";
import {
  csvReport,
  dicomwebOffers,
  folderOffers,
  ImportState,
  importObjects,
  type Offer,
  textReport,
} from "@weald/dev-env/import";
import { inProcessApi, Region } from "@weald/dev-env/region";
import { mintUid } from "@weald/dicom";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { related } from "../contract/dicomweb/stow.ts";
import { bytesOf, codeOf, rowan, rows } from "./sent.ts";

const SOURCE = "the old archive";

describe("bulk import", () => {
  let region: Region;
  let folder: string;
  beforeAll(async () => {
    region = await Region.create();
  });
  afterAll(() => region.stop());
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "weald-import-"));
    mkdirSync(path.join(folder, "images"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const stateFile = () => path.join(folder, "import.state");
  const save = (name: string, bytes: Uint8Array) => writeFileSync(path.join(folder, "images", name), bytes);

  async function bringIn(
    offers: AsyncIterable<Offer>,
    more: { signal?: AbortSignal; perSecond?: number } = {},
  ) {
    const state = await ImportState.open(stateFile(), { trust: "RXC", source: SOURCE });
    let sent = 0;
    const api = inProcessApi(region.gateway("RXC"));
    const told = await importObjects(offers, {
      api: {
        ...api,
        signItems(uploadId, files) {
          sent += files.length;
          return api.signItems(uploadId, files);
        },
      },
      state,
      rates: { objectsPerSecond: more.perSecond },
      timeoutMs: 60_000,
      pollMs: 1,
      beforePoll: region.drain,
      ...(more.signal ? { signal: more.signal } : {}),
    }).finally(() => state.close());
    return { told, sent };
  }
  const bringFolder = () => bringIn(folderOffers(path.join(folder, "images")));

  it("counts each study at the source against here, and names each object that is missing, with why", async () => {
    const [whole, short] = [mintUid(), mintUid()];
    const lost = mintUid();
    for (const name of ["a", "b", "c"]) save(`${name}.dcm`, bytesOf({ study: whole, number: 1 }));
    save("d.dcm", bytesOf({ study: short }));
    save("=cmd.dcm", bytesOf({ study: short, sop: lost, of: rowan({ localNumber: "" }) }));
    save("notes.txt", Buffer.from("not an image"));
    const { told } = await bringFolder();
    const counts = told.studies.map(({ studyInstanceUid, atSource, here }) => [
      studyInstanceUid,
      atSource,
      here,
    ]);
    expect(counts).toContainEqual([whole, 3, 3]);
    expect(counts).toContainEqual([short, 2, 1]);
    expect(told.differences).toMatchObject([
      { studyInstanceUid: short, sopInstanceUid: lost, outcome: "quarantined", code: "PATIENT_ID_MISSING" },
    ]);
    const text = textReport("RXC", told);
    expect(text).toContain("1 object of the source is NOT here");
    expect(text).toContain("DIFFERS  1 of 2");
    expect(text).toContain("no Patient ID");
    const csv = csvReport(told);
    expect(csv).toContain(`study,${whole},3,3,`);
    expect(csv.split("\r\n").filter((line) => line.startsWith("difference"))).toHaveLength(1);
  });

  it("goes on where it was stopped, and sends nothing twice", async () => {
    const study = mintUid();
    for (let number = 1; number <= 230; number += 1)
      save(`${String(number).padStart(3, "0")}.dcm`, bytesOf({ study, number }));
    const stop = new AbortController();
    async function* stopped(): AsyncGenerator<Offer> {
      let seen = 0;
      for await (const offer of folderOffers(path.join(folder, "images"))) {
        seen += 1;
        if (seen === 150) stop.abort(new Error("the plug was pulled"));
        yield offer;
      }
    }
    await expect(bringIn(stopped(), { signal: stop.signal })).rejects.toThrow();
    const done = readFileSync(stateFile(), "utf8").split("\n").length - 2;
    expect(done).toBe(100);
    // A line cut short by a crash is no line.
    writeFileSync(stateFile(), readFileSync(stateFile(), "utf8").slice(0, -10));
    const again = await bringFolder();
    expect(again.sent).toBe(131);
    expect(again.told).toEqual({
      studies: [{ studyInstanceUid: study, atSource: 230, here: 230, heldOfStudy: 230 }],
      differences: [],
    });
    expect((await bringFolder()).sent).toBe(0);
  });

  it("asks the archive and not its own notes: what was lost after it was answered is named", async () => {
    const study = mintUid();
    const sop = mintUid();
    save("a.dcm", bytesOf({ study, sop }));
    save("b.dcm", bytesOf({ study }));
    await bringFolder();
    // As if a row had gone: nothing in the product does this.
    await rows(
      region,
      "UPDATE instance SET sop_instance_uid = $1 WHERE sop_instance_uid = $2 RETURNING id",
      mintUid(),
      sop,
    );
    const { told } = await bringFolder();
    expect(told.differences).toMatchObject([
      { sopInstanceUid: sop, name: path.join(folder, "images/a.dcm") },
    ]);
    expect(textReport("RXC", told)).toContain("DIFFERS  1 of 2");
  });

  it("keeps to its rate", async () => {
    for (let number = 1; number <= 12; number += 1) save(`${number}.dcm`, bytesOf({ number }));
    const began = Date.now();
    await bringIn(folderOffers(path.join(folder, "images")), { perSecond: 10 });
    expect(Date.now() - began).toBeGreaterThanOrEqual(1050);
  });

  it("refuses the state of another import", async () => {
    await (await ImportState.open(stateFile(), { trust: "RXC", source: "one" })).close();
    await expect(ImportState.open(stateFile(), { trust: "RXC", source: "two" })).rejects.toMatchObject({
      code: "STATE_OF_ANOTHER",
    });
  });

  it("tells what became of images to whoever may send for that trust, and to nobody else", async () => {
    const study = mintUid();
    const sop = mintUid();
    save("a.dcm", bytesOf({ study, sop }));
    await bringFolder();
    const asked = { studyInstanceUid: study, sopInstanceUids: [sop] };
    expect((await Ingest.reconcile(region.gateway("RXC"), asked)).notHere).toEqual([]);
    expect((await Ingest.reconcile(region.gateway("RA2"), asked)).notHere).toHaveLength(1);
    expect(await codeOf(Ingest.reconcile(region.system("RXC", ["studies.read"]), asked))).toBe(
      "not-for-this-role",
    );
  });

  describe("from another archive by DICOMweb", () => {
    type Kept = {
      study: string;
      series: string;
      sop: string;
      date: string;
      patient: string;
      bytes: Uint8Array;
    };
    let server: Server;
    let url: string;
    let kept: Kept[];
    let asked: string[];
    /** How often an object is refused before it is given; `never` never. */
    let refusals: Map<string, number | "never">;

    const json = (tag: string, value: string) => ({ [tag]: { vr: "UI", Value: [value] } });

    /** An archive in miniature, which pages by 2 whatever it is asked. */
    function answer(
      path_: string,
      query: URLSearchParams,
    ): { status: number; type?: string; body?: Uint8Array } {
      asked.push(path_);
      const page = (all: object[]) => {
        const offset = Number(query.get("offset"));
        const body = Buffer.from(JSON.stringify(all.slice(offset, offset + 2)));
        return { status: all.length > offset ? 200 : 204, type: "application/dicom+json", body };
      };
      const [, , study, , , , sop] = path_.split("/");
      if (sop) {
        const left = refusals.get(sop);
        if (left === "never") return { status: 404 };
        if (left) {
          refusals.set(sop, left - 1);
          return { status: 503 };
        }
        const one = kept.find((object) => object.sop === sop);
        const { body, contentType } = related([one?.bytes ?? new Uint8Array()]);
        return { status: 200, type: contentType, body };
      }
      if (study)
        return page(
          kept
            .filter((object) => object.study === study)
            .map((object) => ({ ...json("0020000E", object.series), ...json("00080018", object.sop) })),
        );
      const [from = "", to = ""] = (query.get("StudyDate") ?? "0-9").split("-");
      const patient = query.get("PatientID");
      const studies = kept.filter(
        ({ date, patient: of }) => date >= from && date <= to && (!patient || patient === of),
      );
      return page([...new Set(studies.map((object) => object.study))].map((one) => json("0020000D", one)));
    }

    beforeEach(async () => {
      kept = [];
      asked = [];
      refusals = new Map();
      server = createServer((request, response) => {
        const at = new URL(request.url ?? "/", "http://old");
        if (request.headers.authorization !== "Bearer old-token") return void response.writeHead(401).end();
        const { status, type, body } = answer(at.pathname, at.searchParams);
        response.writeHead(status, type ? { "content-type": type } : {}).end(body);
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    afterEach(() => new Promise((resolve) => server.close(resolve)));

    function keep(count: number, { date = "20200101", patient = "P1" } = {}): Kept[] {
      const [study, series] = [mintUid(), mintUid()];
      const made = Array.from({ length: count }, (_, index) => {
        const sop = mintUid();
        const bytes = bytesOf({ study, series, sop, number: index + 1, date });
        return { study, series, sop, date, patient, bytes };
      });
      kept.push(...made);
      return made;
    }
    const pull = (wanted: { from?: string; to?: string; patientIds?: string[] } = {}) =>
      bringIn(
        dicomwebOffers(
          createDicomwebPeer({ url, token: async () => "old-token" }),
          { patientIds: [], ...wanted },
          path.join(folder, "fetched"),
        ),
      );

    it("fetches every object of every page, waits out a refusal that passes, and names what it never gave", async () => {
      const made = [...keep(5), ...keep(3)];
      refusals.set(made[1]?.sop ?? "", 2).set(made[2]?.sop ?? "", "never");
      const { told } = await pull();
      expect(told.studies.map(({ atSource, here }) => [atSource, here])).toEqual([
        [5, 4],
        [3, 3],
      ]);
      expect(told.differences).toMatchObject([{ sopInstanceUid: made[2]?.sop, code: "NOT_FETCHED" }]);
      refusals.clear();
      asked = [];
      const again = await pull();
      expect(again.told.differences).toEqual([]);
      expect(asked.filter((one) => one.split("/").length > 6)).toHaveLength(1);
    });

    it("takes only the days and patients that are wanted", async () => {
      const old = keep(1, { date: "20100101", patient: "P1" });
      const wanted = keep(2, { date: "20200601", patient: "P2" });
      keep(1, { date: "20200601", patient: "P3" });
      const { told } = await pull({ from: "20200101", to: "20201231", patientIds: ["P1", "P2"] });
      expect(told.studies.map(({ studyInstanceUid }) => studyInstanceUid)).toEqual([wanted[0]?.study]);
      expect(old).toHaveLength(1);
    });
  });
});
