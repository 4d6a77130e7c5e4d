/**
 * Keeps one value after the other, as they were asked for: two that are on their way at once may arrive the other way round, and
 * the older one would stay. Those that wait are sent as one.
 *
 * @param merge - what two come to that wait; the later alone, if it isn't said
 * @returns a keeper; its promise is of its own value, or of the one that was sent in its place
 */
export function keepInTurn<T>(
  write: (value: T) => Promise<unknown>,
  merge: (earlier: T, later: T) => T = (_, later) => later,
): (value: T) => Promise<unknown> {
  let underWay: Promise<unknown> | undefined;
  let waiting: { value: T; sent: Promise<unknown> } | undefined;

  function send(value: T): Promise<unknown> {
    const sending = write(value);
    const ended = sending.then(
      () => {},
      () => {},
    );
    underWay = ended;
    void ended.then(() => {
      if (underWay === ended) underWay = undefined;
    });
    return sending;
  }

  return (value) => {
    if (!underWay) return send(value);
    if (waiting) {
      waiting.value = merge(waiting.value, value);
      return waiting.sent;
    }
    const sendLast = (): Promise<unknown> => {
      const last = waiting?.value ?? value;
      waiting = undefined;
      return send(last);
    };
    const next = { value, sent: underWay.then(sendLast) };
    waiting = next;
    return next.sent;
  };
}
