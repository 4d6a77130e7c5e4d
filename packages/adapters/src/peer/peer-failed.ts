/** A peer that did not do what was asked. `status` is 0 where it did not answer at all. */
export class PeerFailed extends Error {
  readonly code = "PEER_FAILED";
  readonly status: number;
  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}
