import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { demoPatients, demoStudies, studyUidOf } from "@weald/dev-env/phantoms";
import { describe, expect, it } from "vitest";
import { logsSay, outputSays, saidIn } from "../lifecycle/logs-say-nothing.ts";

const whatIn = (line: string, more: string[] = []) => saidIn("a.log", line, more).map(({ what }) => what);
const [study] = demoStudies;

describe("the check of the logs", () => {
  it("finds whatever would name a patient, a study or a key", () => {
    const nhsNumber = demoPatients.find((one) => one.nhsNumber)?.nhsNumber ?? "";
    const named = "a name or a local number of the demonstration";
    expect(whatIn('{"event":"x","why":"Hollis^Margaret"}')).toEqual([named]);
    expect(whatIn("patient ZIELIŃSKI was looked up")).toEqual([named]);
    expect(whatIn("王小明")).toEqual([named]);
    expect(whatIn("record E104417 is known")).toEqual([named]);
    expect(whatIn("born 1948-03-14")).toEqual(["a date of birth of the demonstration"]);
    expect(whatIn("born 19480314")).toEqual(["a date of birth of the demonstration"]);
    expect(whatIn(`nhs ${nhsNumber}`)).toContain("an NHS number");
    expect(whatIn("nhs 999 000 0379")).toEqual(["an NHS number"]);
    expect(whatIn("1.2.840.113619.2.55.3.604688119.971")).toEqual(["a DICOM UID"]);
    expect(whatIn(study ? `GET /studies/${studyUidOf(study)}` : "")).toEqual([named]);
    expect(whatIn(`token eyJhbGciOiJSUzUxMiJ9.${"a".repeat(20)}.${"b".repeat(20)}`)).toEqual(["a token"]);
    expect(whatIn(`PUT /inbox/x?m=PUT&e=1&s=${"a".repeat(43)}`)).toEqual(["a token"]);
    expect(whatIn("said Rowanberry here", ["Rowanberry"])).toEqual(["what the test sent"]);
  });

  it("leaves internal ids, counts, addresses and times alone", () => {
    expect(
      whatIn(
        '{"at":"2026-11-24T19:21:39.767Z","level":"error","event":"ingest.part-failed","itemId":"01a20efd-eaf4-73d8-97a0-8d4386637681","files":753,"where":"http://127.0.0.1:3301"}',
      ),
    ).toEqual([]);
  });

  it("reads our own log lines in the output of tests, and nothing else of it", () => {
    const leak = '{"at":"2026-11-24T19:21:39.767Z","level":"error","event":"x","why":"Hollis"}';
    const fine = '{"at":"2026-11-24T19:21:39.767Z","level":"error","event":"audit.spooled","rows":1}';
    expect(outputSays(`✓ Mrs Hollis is found by her name\n${fine}\n`)).toEqual([]);
    expect(outputSays(`···${fine}\n··${leak}\n`)).toEqual([
      { file: "the output of the tests", line: 2, what: "a name or a local number of the demonstration" },
    ]);
  });

  it("names the file, the line and the kind, never the words themselves; and fails where there is no log", () => {
    const folder = mkdtempSync(path.join(tmpdir(), "weald-logs-"));
    expect(() => logsSay(folder)).toThrow("there are no logs");
    writeFileSync(path.join(folder, "portal.log.1"), "fine\nMrs Hollis\n");
    const said = logsSay(folder);
    expect(said).toEqual([{ file: "portal.log.1", line: 2, what: expect.any(String) }]);
    expect(JSON.stringify(said)).not.toContain("Hollis");
  });
});
