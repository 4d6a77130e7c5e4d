import { afterEach, describe, expect, it } from "vitest";
import { checkRoom, isDiskFull, watchDisk } from "./disk.ts";

const MB = 1024 ** 2;

describe("the disk of a region", () => {
  const stops: (() => void)[] = [];
  afterEach(() => {
    for (const stop of stops.splice(0)) stop();
  });

  it("is looked at before a start", () => {
    expect(() => checkRoom("/somewhere", 501 * MB)).not.toThrow();
    expect(() => checkRoom("/somewhere", 499 * MB)).toThrow(
      expect.objectContaining({ code: "DISK_FULL", message: expect.stringContaining("499 MB left") }),
    );
  });

  it("that fills stops what arrives first, says each change once, and takes in again when there is room", () => {
    let left = 900 * MB;
    let stopped = 0;
    const said: string[] = [];
    const watch = watchDisk({
      home: "/somewhere",
      say: (line) => said.push(line),
      onFull: () => {
        stopped += 1;
      },
      free: () => left,
    });
    stops.push(watch.stop);
    const at = (bytes: number) => {
      left = bytes;
      watch.look();
      return watch.hasRoom();
    };
    expect(at(300 * MB)).toBe(true);
    expect(at(150 * MB)).toBe(false);
    expect(at(140 * MB)).toBe(false);
    expect(said).toEqual([expect.stringContaining("[DISK_LOW]")]);
    expect(at(400 * MB)).toBe(true);
    expect(said).toHaveLength(2);
    expect(at(20 * MB)).toBe(false);
    expect(at(10 * MB)).toBe(false);
    expect(said).toEqual([expect.anything(), expect.anything(), expect.stringContaining("[DISK_FULL]")]);
    expect(stopped).toBe(1);
  });

  it("is known to be full by what the system or PostgreSQL says", () => {
    expect(isDiskFull(Object.assign(new Error("write"), { code: "ENOSPC" }))).toBe(true);
    expect(isDiskFull(new Error('could not extend file "base/5/1": No space left on device'))).toBe(true);
    expect(isDiskFull(new Error("something else"))).toBe(false);
  });
});
