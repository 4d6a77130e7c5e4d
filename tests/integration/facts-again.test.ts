import { Region } from "@weald/dev-env/region";
import { mintUid } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { image, sendAll, studyIdOf } from "./sent.ts";

let made = 0;
const told = (messageId: string, type: string, payload: unknown) => {
  made += 1;
  return { messageId, body: JSON.stringify({ id: `f${made}`, type, payload }) };
};

describe("a batch of facts", () => {
  let region: Region;
  beforeAll(async () => {
    region = await Region.create();
  });
  afterAll(() => region.stop());

  it("gives back every message of a fact that failed, and of no other; the others are heard", async () => {
    const study = mintUid();
    await sendAll(region, "RXC", image({ study }));
    const id = await studyIdOf(region, study);
    const answer = await region.cloud.invoke("FactsSubscriber", {
      Records: [
        told("heard", "study.indexed", { studyId: id }),
        told("failed", "study.indexed", { studyId: "no study" }),
        told("failed too", "study.indexed", { studyId: "no study" }),
        told("nobody's", "weather.changed", {}),
        { messageId: "no fact", body: "{" },
      ],
    });
    expect(answer).toEqual({
      batchItemFailures: ["no fact", "failed", "failed too"].map((itemIdentifier) => ({ itemIdentifier })),
    });
  });
});
