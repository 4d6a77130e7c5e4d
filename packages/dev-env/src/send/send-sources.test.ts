import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Listening, listen } from "../region/listen.ts";
import { type FileOutcome, type SendingApi, SendRefused } from "./api.ts";
import { pauseFor, sendSources } from "./send-sources.ts";
import { bytesSource, type Source } from "./sources.ts";

const away = () => new TypeError("fetch failed");

/** A portal and a store in miniature; `answers` says how the store treats each PUT, `undefined` cuts the line. */
function fake(storeUrl: string) {
  const calls: string[] = [];
  const failing: Partial<Record<keyof SendingApi, Error[]>> = {};
  let outcome: FileOutcome["outcome"] | undefined = "accepted";
  function call(name: keyof SendingApi): void {
    calls.push(name);
    const error = failing[name]?.shift();
    if (error) throw error;
  }
  const api: SendingApi = {
    async beginUpload() {
      call("beginUpload");
      return { uploadId: "u", custodian: "RXC" };
    },
    async signItems(_uploadId, files) {
      call("signItems");
      return files.map(({ ref }) => {
        const itemId = randomUUID();
        return { ref, itemId, put: { url: `${storeUrl}/${itemId}`, headers: {} } };
      });
    },
    async readOutcomes(_uploadId, ids) {
      call("readOutcomes");
      return outcome ? ids.map((itemId) => ({ itemId, outcome: outcome ?? "accepted" })) : [];
    },
    async finishUpload() {
      call("finishUpload");
    },
  };
  return {
    api,
    calls,
    failing,
    outcomes(next: FileOutcome["outcome"] | undefined): void {
      outcome = next;
    },
  };
}

const file = (name: string, bytes = "some bytes"): Source => bytesSource(name, "dicom", Buffer.from(bytes));
const quick = { timeoutMs: 10_000, pollMs: 1, retryMs: 1 };

describe("sending", () => {
  let store: Listening;
  let answers: (number | undefined)[] = [];
  let said = "";
  let arrived = 0;
  beforeAll(async () => {
    store = await listen((request, response) => {
      request.resume().once("end", () => {
        const status = answers.length > 0 ? answers.shift() : 200;
        if (status === undefined) {
          response.destroy();
          return;
        }
        if (status === 200) arrived += 1;
        response.writeHead(status).end(said);
      });
    }, 0);
  });
  beforeEach(() => {
    answers = [];
    said = "";
    arrived = 0;
  });
  afterAll(() => store.close());

  it("waits out a line that breaks, a store that is ill, and a portal that starts again", async () => {
    const { api, failing, calls } = fake(store.url);
    answers = [undefined, 503, 408];
    failing.beginUpload = [away()];
    failing.signItems = [new SendRefused(502, "PORTAL_FAILED", "The portal answered 502."), away()];
    failing.readOutcomes = [away()];
    const results = await sendSources([file("a.dcm")], { api, ...quick });
    expect(results).toEqual([{ file: "a.dcm", outcome: "accepted", code: undefined, message: undefined }]);
    expect(arrived).toBe(1);
    expect(calls.at(-1)).toBe("finishUpload");
  });

  it("takes a 412 for the arrival that it is: an earlier try had come through", async () => {
    answers = [undefined, 412];
    const { api } = fake(store.url);
    expect(await sendSources([file("a.dcm")], { api, ...quick })).toMatchObject([{ outcome: "accepted" }]);
  });

  it("asks for a new signature where one ran out behind a slow line", async () => {
    answers = [403];
    said = "URL_REFUSED";
    const { api, calls } = fake(store.url);
    expect(await sendSources([file("a.dcm")], { api, ...quick })).toMatchObject([{ outcome: "accepted" }]);
    expect(calls.filter((name) => name === "signItems")).toHaveLength(2);
  });

  it("gives up what stays away after the limit, one line for each file, and none is called accepted", async () => {
    const { api, failing } = fake(store.url);
    failing.signItems = Array.from({ length: 500 }, away);
    const results = await sendSources([file("a.dcm"), file("b.dcm")], { api, ...quick, timeoutMs: 50 });
    expect(results.map(({ outcome, code }) => [outcome, code])).toEqual([
      [undefined, "NOT_SENT"],
      [undefined, "NOT_SENT"],
    ]);
  });

  it("says of what arrived without an outcome that it isn't lost", async () => {
    const { api, outcomes } = fake(store.url);
    outcomes(undefined);
    const results = await sendSources([file("a.dcm")], { api, ...quick, timeoutMs: 50 });
    expect(results).toMatchObject([{ outcome: undefined, code: "NO_OUTCOME_YET" }]);
  });

  it("doesn't insist where it was refused", async () => {
    const { api, failing, calls } = fake(store.url);
    failing.beginUpload = [new SendRefused(403, "ACCESS_DENIED", "You may not do this.")];
    await expect(sendSources([file("a.dcm")], { api, ...quick })).rejects.toMatchObject({
      code: "ACCESS_DENIED",
    });
    expect(calls).toEqual(["beginUpload"]);
    answers = [400];
    said = "SIZE_NOT_AS_SIGNED";
    const results = await sendSources([file("b.dcm")], { api: fake(store.url).api, ...quick });
    expect(results).toMatchObject([{ outcome: undefined, code: "SIZE_NOT_AS_SIGNED" }]);
  });

  it("skips what is no image with a word, and never calls an unreadable file dealt with", async () => {
    const kinds = ["other", "empty", "link", "unreadable"] as const;
    const sources = kinds.map((kind): Source => ({ ...file(kind), kind }));
    const { api, calls } = fake(store.url);
    const results = await sendSources(sources, { api, ...quick });
    expect(results.map(({ outcome, code }) => [outcome, code])).toEqual([
      ["skipped", "NOT_DICOM"],
      ["skipped", "EMPTY_FILE"],
      ["skipped", "LINK_NOT_FOLLOWED"],
      [undefined, "FILE_UNREADABLE"],
    ]);
    expect(calls).not.toContain("signItems");
  });

  it("keeps one file that vanished, or is over 4 GB, from holding up the others", async () => {
    const gone: Source = { ...file("gone.dcm"), read: () => Promise.reject(new Error("ENOENT")) };
    const huge: Source = { ...file("huge.dcm"), sizeBytes: 5 * 1024 ** 3 };
    const { api } = fake(store.url);
    const results = await sendSources([gone, huge, file("a.dcm")], { api, ...quick });
    const found = Object.fromEntries(results.map(({ file: name, outcome, code }) => [name, outcome ?? code]));
    expect(found).toEqual({
      "gone.dcm": "FILE_UNREADABLE",
      "huge.dcm": "OBJECT_TOO_LARGE",
      "a.dcm": "accepted",
    });
  });

  it("ends at once when its region stops", async () => {
    const { api, failing } = fake(store.url);
    failing.signItems = Array.from({ length: 500 }, away);
    const stopped = new AbortController();
    const sending = sendSources([file("a.dcm")], { api, ...quick, retryMs: 60_000, signal: stopped.signal });
    stopped.abort();
    await expect(sending).rejects.toThrow();
  });
});

describe("a sender who waits for outcomes", () => {
  it("asks at once where little is left, and rarely where the region has much to take in", () => {
    expect([1, 15, 50, 100, 5000].map(pauseFor)).toEqual([300, 300, 1000, 2000, 2000]);
  });
});
