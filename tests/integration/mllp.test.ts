import { setTimeout as wait } from "node:timers/promises";
import * as Message from "@weald/core/message";
import { Region } from "@weald/dev-env/region";
import { TAKEN } from "@weald/edge/hl7/judge-message";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type EdgeProcess, edgeProcess, until } from "./edge/edge-process.ts";
import { type RegionDoor, regionDoor } from "./edge/region-door.ts";
import { type Relay, relay } from "./edge/relay.ts";
import { chance } from "./messages/history.ts";
import { MllpSender } from "./messages/mllp-sender.ts";
import { adt, orm, type Person } from "./messages/written.ts";
import { rows } from "./sent.ts";

const SEED = Number(process.env.WEALD_CRASH_SEED ?? Math.floor(Math.random() * 2 ** 31));
const CRASHED = process.env.WEALD_SOAK ? 1000 : 80;
const ROWAN: Person = { family: "Alder", given: "Rowan", born: "19610403", sex: "F" };

describe("HL7 by MLLP, through a gateway of its own process", () => {
  let region: Region;
  let door: RegionDoor;
  let api: Relay;
  let edge: EdgeProcess;
  let next = 0;
  beforeAll(async () => {
    region = await Region.create();
    door = await regionDoor(region);
    api = await relay(door.url);
    edge = await edgeProcess({
      regionUrl: api.url,
      config: { hl7: { senders: [{ facility: "RXC" }], mostConnections: 30, messageSeconds: 1 } },
    });
  });
  afterAll(async () => {
    await edge?.stop();
    await api?.close();
    await door?.close();
    await region?.stop();
  });

  /** An update of a person whom no other message speaks of. */
  const fresh = (of: Partial<Person> = {}) => {
    next += 1;
    const number = `L${next}`;
    const envelope = { trust: "RXC", number, person: { ...ROWAN, ...of }, id: `M${next}`, at: new Date() };
    return { number, envelope, text: adt("A31", envelope) };
  };
  const recordsOf = (number: string) =>
    rows<{ family: string; given: string }>(
      region,
      "SELECT family, given FROM patient_record WHERE local_number = $1",
      number,
    );
  const sender = () => MllpSender.to(edge.mllpPort());

  it("takes what the region takes, and nothing else", () => expect(TAKEN).toEqual(Message.TAKEN));

  it("AA, and what was said is in the region", async () => {
    const line = await sender();
    const { number, envelope, text } = fresh();
    expect(await line.send(text)).toMatchObject({ code: "AA", of: envelope.id, condition: "" });
    const order = orm({ ...envelope, id: `${envelope.id}-O` }, { accession: `A${number}`, question: "Fell" });
    expect((await line.send(order)).code).toBe("AA");
    line.close();
    await edge.settled();
    expect(await recordsOf(number)).toEqual([{ family: "Alder", given: "Rowan" }]);
    const asked = await rows(
      region,
      "SELECT question FROM imaging_request WHERE accession_number = $1",
      `A${number}`,
    );
    expect(asked).toEqual([{ question: "Fell" }]);
  });

  it("keeps the letters of UTF-8 and of Latin-1", async () => {
    const line = await sender();
    const [utf8, latin1] = [
      fresh({ family: "Müller", given: "Zoë" }),
      fresh({ family: "Müller", given: "Zoë" }),
    ];
    expect((await line.send(Buffer.from(utf8.text, "utf8"))).code).toBe("AA");
    const bytes = Buffer.from(latin1.text.replace("UNICODE UTF-8", "8859/1"), "latin1");
    expect((await line.send(bytes)).code).toBe("AA");
    line.close();
    await edge.settled();
    for (const { number } of [utf8, latin1])
      expect(await recordsOf(number)).toEqual([{ family: "Müller", given: "Zoë" }]);
  });

  it("AE or AR says why, and nothing of it is kept", async () => {
    const line = await sender();
    const { number, text } = fresh();
    const before = await edge.metric("weald_edge_waiting");
    const answers = [
      await line.send(text.replace("ADT^A31", "ADT^A37")),
      await line.send(text.replace(`${number}^^^RXC^MR`, "")),
      await line.send(text.replace("|PAS|RXC|", "|PAS|RYR|")),
      await line.send("no message at all"),
      await line.send(Buffer.alloc(1_000_001, 65)),
    ];
    line.close();
    expect(answers.map(({ code, condition }) => `${code} ${condition}`)).toEqual([
      "AR 201",
      "AE 101",
      "AR 103",
      "AR 100",
      "AR 102",
    ]);
    expect(JSON.stringify(answers)).not.toContain("Alder");
    expect(await edge.metric("weald_edge_waiting")).toBe(before);
    await edge.settled();
    expect(await recordsOf(number)).toEqual([]);
  });

  it("takes frames as they are cut: in pieces, together, and after noise", async () => {
    const line = await sender();
    const [slow, ...together] = Array.from({ length: 6 }, () => fresh());
    if (!slow) throw new Error("no message");
    const answer = line.answer();
    line.raw("noise between frames\r\n");
    for (const piece of `\x0b${slow.text}\x1c\r`.match(/[\s\S]{1,40}/g) ?? []) {
      line.raw(piece);
      await wait(1);
    }
    expect((await answer).of).toBe(slow.envelope.id);
    const answers = await line.sendTogether(together.map(({ text }) => text));
    expect(answers.map(({ code, of }) => [code, of])).toEqual(
      together.map(({ envelope }) => ["AA", envelope.id]),
    );
    line.close();
    await edge.settled();
    for (const { number } of [slow, ...together]) expect(await recordsOf(number)).toHaveLength(1);
  });

  it("the same message again is answered AA and changes nothing; another under its id is a person's to see", async () => {
    const line = await sender();
    const { number, envelope, text } = fresh();
    for (let times = 0; times < 3; times += 1) expect((await line.send(text)).code).toBe("AA");
    await edge.settled();
    const items = () => rows(region, "SELECT 1 FROM inbox_item");
    const { length } = await items();
    expect((await line.send(text)).code).toBe("AA");
    await edge.settled();
    expect(await items()).toHaveLength(length);
    expect((await line.send(adt("A31", { ...envelope, person: { ...ROWAN, given: "Hazel" } }))).code).toBe(
      "AA",
    );
    line.close();
    await edge.settled();
    expect(await recordsOf(number)).toEqual([{ family: "Alder", given: "Rowan" }]);
    const waiting = await rows(
      region,
      "SELECT code FROM quarantine_item WHERE state = 'waiting' AND identity ->> 'controlId' = $1",
      envelope.id,
    );
    expect(waiting).toEqual([{ code: "HL7_ID_REUSED" }]);
  });

  it("answers AA while the region is away, and sends on when it is back", async () => {
    await edge.settled();
    api.cut();
    const line = await sender();
    const { number, text } = fresh();
    try {
      expect((await line.send(text)).code).toBe("AA");
      expect(await edge.metric("weald_edge_waiting")).toBeGreaterThan(0);
    } finally {
      line.close();
      api.mend();
    }
    await edge.settled();
    expect(await recordsOf(number)).toHaveLength(1);
  });

  it("many lines at once, each answered in its order; one too many is turned away", async () => {
    const lines = await Promise.all(Array.from({ length: 30 }, sender));
    const extra = await sender();
    await extra.closed();
    const all = lines.map((line) => ({ line, messages: Array.from({ length: 3 }, () => fresh()) }));
    await Promise.all(
      all.map(async ({ line, messages }) => {
        const answers = await line.sendTogether(messages.map(({ text }) => text));
        expect(answers.map(({ of }) => of)).toEqual(messages.map(({ envelope }) => envelope.id));
        line.close();
      }),
    );
    await edge.settled();
    for (const { messages } of all)
      for (const { number } of messages) expect(await recordsOf(number)).toHaveLength(1);
  });

  it("nobody holds a line open with half a message", async () => {
    const line = await sender();
    line.raw("\x0bMSH|^~\\&|PAS|RXC|");
    await line.closed();
  });

  it("logs hold counts and codes, and nothing that a message said", () => {
    expect(edge.lines.join("\n")).toContain("mllp.closed");
    expect(edge.lines.join("\n")).not.toMatch(/Alder|Rowan|19610403|\bL\d+\b/);
  });

  it(`killed by kill -9 in the middle of ${CRASHED} messages: every one that was answered AA arrives (seed ${SEED})`, {
    timeout: 600_000,
  }, async () => {
    const random = chance(SEED);
    const messages = Array.from({ length: CRASHED }, () => fresh());
    const acknowledged = new Set<string>();
    const left = [...messages];
    let isDone = false;
    async function send(): Promise<void> {
      for (let message = left.shift(); message; message = left.shift()) {
        try {
          const line = await sender();
          const { code, of } = await line.send(message.text);
          if (code === "AA") acknowledged.add(of);
          line.close();
        } catch {
          // Not answered: its sender sends it again, as the standard wants.
          left.push(message);
          await wait(20);
        }
      }
    }
    async function killNowAndThen(): Promise<number> {
      let kills = 0;
      while (!isDone) {
        await wait(20 + random() * 300);
        if (isDone) break;
        await edge.kill("SIGKILL");
        kills += 1;
        await edge.start();
      }
      return kills;
    }
    const killing = killNowAndThen();
    await Promise.all(Array.from({ length: 4 }, send));
    isDone = true;
    expect(await killing).toBeGreaterThan(0);
    expect(acknowledged.size).toBe(CRASHED);
    await until("everything is settled", async () => {
      await edge.settled();
      return true;
    });
    const numbers = await rows<{ local_number: string }>(region, "SELECT local_number FROM patient_record");
    const known = new Set(numbers.map(({ local_number }) => local_number));
    expect(messages.filter(({ number }) => !known.has(number))).toEqual([]);
  });
});
