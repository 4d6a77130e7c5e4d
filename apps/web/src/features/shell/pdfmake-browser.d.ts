/** The maker of PDFs as it comes for browsers: one object, which its own types leave out. */
declare module "pdfmake/build/pdfmake" {
  import type { TCreatedPdf, TDocumentDefinitions, TVirtualFileSystem } from "pdfmake/interfaces";

  const pdfMake: {
    createPdf(definition: TDocumentDefinitions): TCreatedPdf;
    addVirtualFileSystem(files: TVirtualFileSystem): void;
  };
  export default pdfMake;
}
