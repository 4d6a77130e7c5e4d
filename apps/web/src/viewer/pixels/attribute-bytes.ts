import type { Header, ViewerInstance } from "../contract.ts";
import { readBulk } from "../frames/read-frame.ts";
import type { UrlBook } from "../frames/url-book.ts";

const BIG_ENDIAN = "1.2.840.10008.1.2.2";

const decoded = (base64: string): Uint8Array =>
  Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

/** The bytes of a binary attribute, from the header or, where it is long, by its range in the object. */
export async function bytesOfAttribute(
  book: UrlBook,
  instance: ViewerInstance,
  attribute: Header[string] | undefined,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  if (attribute?.InlineBinary !== undefined) return decoded(attribute.InlineBinary);
  if (attribute?.BulkDataURI !== undefined) return readBulk(book, instance, attribute.BulkDataURI, signal);
  return undefined;
}

/** Bytes in the header are little endian whatever the file was; those that lie elsewhere are the file's. @see DICOM PS3.18 §F.2.7 */
export const isSwapped = (
  { transferSyntaxUid }: ViewerInstance,
  attribute: Header[string] | undefined,
): boolean => transferSyntaxUid === BIG_ENDIAN && attribute?.BulkDataURI !== undefined;
