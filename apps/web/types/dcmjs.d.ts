/** What we use of dcmjs, which brings no types: its writer, and in tests its reader. */
declare module "dcmjs" {
  type Element = { vr: string; Value: unknown[] };
  export const data: {
    DicomDict: new (
      meta: Record<string, Element>,
    ) => {
      dict: Record<string, Element>;
      write(): ArrayBuffer;
    };
    DicomMessage: { readFile(bytes: ArrayBuffer): { dict: Record<string, Element> } };
    DicomMetaDictionary: { naturalizeDataset(dict: Record<string, Element>): Record<string, unknown> };
  };
}
