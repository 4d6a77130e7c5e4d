import { QueryObserver } from "@tanstack/react-query";
import { expect, it } from "vitest";
import { FreshQueryClient } from "./fresh-query-client.ts";

it("a list that was invalidated while its first answer was on its way is asked for again", async () => {
  const client = new FreshQueryClient();
  const kept = ["before"];
  const answers: (() => void)[] = [];
  const queryFn = () => {
    const read = [...kept];
    return new Promise<string[]>((resolve) => answers.push(() => resolve(read)));
  };
  const observer = new QueryObserver(client, { queryKey: ["list"], queryFn });
  const stop = observer.subscribe(() => {});
  expect(answers).toHaveLength(1);

  kept.push("added");
  const invalidated = client.invalidateQueries({ queryKey: ["list"] });
  answers[0]?.();
  await expect.poll(() => answers.length).toBe(2);
  answers[1]?.();
  await invalidated;
  expect(observer.getCurrentResult().data).toEqual(["before", "added"]);
  stop();
  client.clear();
});

it("one that has been answered is asked for once", async () => {
  const client = new FreshQueryClient();
  const asked: string[] = [];
  const observer = new QueryObserver(client, {
    queryKey: ["list"],
    queryFn: async () => asked.push("asked"),
  });
  const stop = observer.subscribe(() => {});
  await expect.poll(() => observer.getCurrentResult().isSuccess).toBe(true);
  await client.invalidateQueries({ queryKey: ["list"] });
  expect(asked).toHaveLength(2);
  stop();
  client.clear();
});
