/** When the region answered last, whoever asked. */
export type Presence = { met(): void; lastMet(): number | undefined };

export function presence(): Presence {
  let last: number | undefined;
  return {
    met() {
      last = Date.now();
    },
    lastMet: () => last,
  };
}
