import { describe, expect, it } from "vitest";
import { keepInTurn } from "./keep-in-turn.ts";

/** A server that answers when it is told to. */
function slowServer() {
  const sent: { value: string; answer(): void; refuse(): void }[] = [];
  const write = (value: string) =>
    new Promise<void>((resolve, reject) => {
      sent.push({ value, answer: resolve, refuse: () => reject(new Error("refused")) });
    });
  return { sent, write, values: () => sent.map(({ value }) => value) };
}

const turn = () => new Promise((resolve) => setTimeout(resolve));

describe("keepInTurn", () => {
  it("sends the second once the first was answered, and of those that wait the last alone", async () => {
    const { sent, write, values } = slowServer();
    const keep = keepInTurn(write);
    const kept = [keep("off"), keep("on"), keep("off again"), keep("on again")];
    await turn();
    expect(values()).toEqual(["off"]);
    sent[0]?.answer();
    await turn();
    expect(values()).toEqual(["off", "on again"]);
    sent[1]?.answer();
    await Promise.all(kept);
    await keepLater(keep, sent, values);
  });

  it("sends what waits as one, where two come to something together", async () => {
    const { sent, write, values } = slowServer();
    const keep = keepInTurn(write, (earlier, later) => `${earlier} and ${later}`);
    const kept = [keep("links"), keep("a grid"), keep("a key")];
    sent[0]?.answer();
    await turn();
    expect(values()).toEqual(["links", "a grid and a key"]);
    sent[1]?.answer();
    await Promise.all(kept);
  });

  it("goes on after one that could not be kept, and says so of that one alone", async () => {
    const { sent, write, values } = slowServer();
    const keep = keepInTurn(write);
    const first = keep("off");
    const second = keep("on");
    sent[0]?.refuse();
    await expect(first).rejects.toThrow("refused");
    await turn();
    expect(values()).toEqual(["off", "on"]);
    sent[1]?.answer();
    await expect(second).resolves.toBeUndefined();
  });
});

/** Nothing is under way any more: it is sent at once. */
async function keepLater(
  keep: (value: string) => Promise<unknown>,
  sent: { answer(): void }[],
  values: () => string[],
): Promise<void> {
  await turn();
  const later = keep("later");
  expect(values().at(-1)).toBe("later");
  sent.at(-1)?.answer();
  await later;
}
