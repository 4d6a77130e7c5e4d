/** The pixels of a frame can't be unpacked: broken, or not what the header says. Says nothing of what is in them. */
export class PixelsUnreadable extends Error {
  readonly code = "PIXELS_UNREADABLE";
}
