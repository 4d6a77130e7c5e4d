/** The pixels of a frame can't be unpacked: broken, or not what the header says. Says nothing of what is in them. */
export class PixelsUnreadable extends Error {
  readonly code = "PIXELS_UNREADABLE";
  /** They can be unpacked, and a pack would not hold them as they are: why. */
  readonly stays: "stray-bits" | undefined;
  constructor(message: string, stays?: "stray-bits") {
    super(message);
    this.stays = stays;
  }
}
