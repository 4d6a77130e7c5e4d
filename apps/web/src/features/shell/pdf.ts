import type { TDocumentDefinitions } from "pdfmake/interfaces";

/** A file of a document. The maker of PDFs and its letters come only when one is asked for. */
export async function makePdf(definition: TDocumentDefinitions): Promise<Blob> {
  const [{ default: pdf }, { default: fonts }] = await Promise.all([
    import("pdfmake/build/pdfmake"),
    import("pdfmake/build/vfs_fonts"),
  ]);
  pdf.addVirtualFileSystem(fonts);
  return pdf.createPdf(definition).getBlob();
}
