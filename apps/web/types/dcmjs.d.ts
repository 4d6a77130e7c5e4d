/** What we use of dcmjs, which brings no types: its writer. */
declare module "dcmjs" {
  type Element = { vr: string; Value: unknown[] };
  export const data: {
    DicomDict: new (
      meta: Record<string, Element>,
    ) => {
      dict: Record<string, Element>;
      write(): ArrayBuffer;
    };
  };
}
