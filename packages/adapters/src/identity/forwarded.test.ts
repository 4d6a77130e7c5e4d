import { describe, expect, it } from "vitest";
import { callingAe, forwardedAddress } from "./forwarded.ts";

describe("the client's address", () => {
  it.each([
    ["no proxy of ours: nobody vouches for the header", "203.0.113.7", 0, undefined],
    ["one proxy: the last, which it saw itself", "203.0.113.7", 1, "203.0.113.7"],
    ["a client that forges one in front is not believed", "198.51.100.1, 203.0.113.7", 1, "203.0.113.7"],
    ["two proxies: the outermost saw the client", "198.51.100.1, 203.0.113.7, 10.0.0.9", 2, "203.0.113.7"],
    ["fewer than there should be", "203.0.113.7", 2, undefined],
    ["no address", "unknown", 1, undefined],
    ["IPv6", "2001:db8::7", 1, "2001:db8::7"],
    ["none", null, 1, undefined],
  ])("%s", (_says, header, hops, address) => expect(forwardedAddress(header, hops)).toBe(address));
});

it("an AE title is kept as a gateway names it, anything else is not", () => {
  expect(callingAe("PACS_RXC")).toBe("PACS_RXC");
  expect(callingAe("seventeen letters")).toBeUndefined();
  expect(callingAe("A\\B")).toBeUndefined();
  expect(callingAe(null)).toBeUndefined();
});
