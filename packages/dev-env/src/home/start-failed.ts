/** Why a region doesn't start, in one clear line that says what to do. */
export class StartFailed extends Error {
  readonly code: string;
  constructor(code: string, message: string, options: ErrorOptions = {}) {
    super(message, options);
    this.code = code;
  }
}
