export type Outward = {
  /** The stack isn't shown any more. */
  isLeft(): boolean;
  /** Whether lowest resolutions are to come before the rest. */
  hasPreviews: boolean;
  /** The images that a key press is away, in full. */
  nearest(): Promise<void>;
  /** The lowest resolution of every image. */
  previews(): Promise<void>;
  /** Full images, outward from where the reader is. */
  rest(): Promise<void>;
};

/** What is fetched of a stack before it is asked for, in order; nothing more once it is left, for the next one wants the line. */
export async function fetchOutward({ isLeft, hasPreviews, nearest, previews, rest }: Outward): Promise<void> {
  if (hasPreviews) {
    await nearest();
    if (isLeft()) return;
    await previews();
    if (isLeft()) return;
  }
  await rest();
}
