import { describe, expect, it, vi } from "vitest";
import { stopper } from "./stopper.ts";

describe("a stop", () => {
  it("takes the last first, each whatever becomes of the others, and keeps the first reason", async () => {
    const said = vi.spyOn(console, "error").mockImplementation(() => {});
    const order: string[] = [];
    const running = stopper();
    running.add(() => void order.push("database"));
    running.add(() => {
      throw new Error("the portal hangs");
    });
    running.add(() => void order.push("cloud"));
    expect(running.signal.aborted).toBe(false);
    const first = running.stop("by-hand");
    void running.stop("ended");
    await first;
    expect(order).toEqual(["cloud", "database"]);
    expect(said).toHaveBeenCalledWith("the portal hangs");
    expect(running.signal.aborted).toBe(true);
    expect(await running.stopped).toBe("by-hand");
    said.mockRestore();
  });

  it("also ends what starts after it", async () => {
    const running = stopper();
    await running.stop("failed");
    const late = new Promise<string>((resolve) => running.add(() => resolve("stopped")));
    expect(await late).toBe("stopped");
  });
});
