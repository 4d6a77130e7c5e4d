/** What of an image says that its pixels may hold a name, whatever its header says. */
export type PictureSays = {
  /** Burned In Annotation (0028,0301). */
  burnedIn: string | undefined;
  modality: string | undefined;
  sopClassUid: string;
  /** What is drawn on it: words that a person typed may say anything, and nobody knows what. */
  drawn: "nothing" | "words";
};

const SECONDARY_CAPTURE = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.7(\.|$)/;

/**
 * Why "without patient text" isn't taken at its word (clinical page §20): header identity can be left out, what is in the
 * pixels can't, so somebody must have looked at the image.
 */
export function whyLookFirst({ burnedIn, modality, sopClassUid, drawn }: PictureSays): string | undefined {
  if (burnedIn === "YES") return "The image says that text is burned into it.";
  if (modality === "US" || modality === "IVUS") return "Ultrasound often has the name in the picture.";
  if (SECONDARY_CAPTURE.test(sopClassUid) || modality === "SC" || modality === "OT")
    return "A secondary capture often has the name in the picture.";
  if (drawn === "words") return "Words that somebody typed stand on it, and may name the patient.";
  return undefined;
}
