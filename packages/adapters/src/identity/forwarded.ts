import { isIP } from "node:net";

/**
 * The client's address in `X-Forwarded-For`. Each proxy appends whom it saw, so with `hops` proxies of ours in front the
 * address is the one that the outermost of them saw; what stands before it is the client's own word, and is never believed.
 *
 * @param hops - How many proxies of ours a request passes. 0: the header is not trusted at all.
 */
export function forwardedAddress(header: string | null | undefined, hops: number): string | undefined {
  if (hops < 1) return undefined;
  const seen = (header ?? "").split(",").map((one) => one.trim());
  const address = seen.at(-hops);
  return address && isIP(address) ? address : undefined;
}

/** An AE title as a gateway names it; anything else is not kept. @see DICOM PS3.5 §6.2 (AE) */
export const callingAe = (header: string | null | undefined): string | undefined =>
  header && /^[\x21-\x5b\x5d-\x7e][\x20-\x5b\x5d-\x7e]{0,15}$/.test(header) ? header : undefined;
