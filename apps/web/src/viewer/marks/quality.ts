import type { Header } from "../contract.ts";
import { number, text } from "../header.ts";

const LOSSY_SYNTAXES: Record<string, string> = {
  "1.2.840.10008.1.2.4.50": "JPEG baseline",
  "1.2.840.10008.1.2.4.51": "JPEG extended",
  "1.2.840.10008.1.2.4.81": "JPEG-LS near-lossless",
};

/** LOSSY and the ratio, where an image was ever compressed with loss (clinical page §12). @see DICOM PS3.3 §C.7.6.1.1.5 */
export function lossyText(header: Header, transferSyntaxUid: string): string | undefined {
  if (text(header, "00282110") !== "01" && !LOSSY_SYNTAXES[transferSyntaxUid]) return undefined;
  const ratio = number(header, "00282112");
  return ratio ? `LOSSY ${ratio.toFixed(0)}:1` : "LOSSY, ratio not stated";
}
