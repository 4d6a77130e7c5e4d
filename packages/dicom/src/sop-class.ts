/** @see DICOM PS3.6 §A; the classes that a region meets. */
const NAMES: Record<string, string> = {
  "1.2.840.10008.5.1.4.1.1.1": "Computed Radiography Image",
  "1.2.840.10008.5.1.4.1.1.1.1": "Digital X-Ray Image",
  "1.2.840.10008.5.1.4.1.1.1.1.1": "Digital X-Ray Image (for processing)",
  "1.2.840.10008.5.1.4.1.1.1.2": "Digital Mammography X-Ray Image",
  "1.2.840.10008.5.1.4.1.1.1.2.1": "Digital Mammography X-Ray Image (for processing)",
  "1.2.840.10008.5.1.4.1.1.13.1.3": "Breast Tomosynthesis Image",
  "1.2.840.10008.5.1.4.1.1.2": "CT Image",
  "1.2.840.10008.5.1.4.1.1.2.1": "Enhanced CT Image",
  "1.2.840.10008.5.1.4.1.1.3.1": "Ultrasound Multi-frame Image",
  "1.2.840.10008.5.1.4.1.1.4": "MR Image",
  "1.2.840.10008.5.1.4.1.1.4.1": "Enhanced MR Image",
  "1.2.840.10008.5.1.4.1.1.6.1": "Ultrasound Image",
  "1.2.840.10008.5.1.4.1.1.7": "Secondary Capture Image",
  "1.2.840.10008.5.1.4.1.1.11.1": "Grayscale Softcopy Presentation State",
  "1.2.840.10008.5.1.4.1.1.12.1": "X-Ray Angiographic Image",
  "1.2.840.10008.5.1.4.1.1.20": "Nuclear Medicine Image",
  "1.2.840.10008.5.1.4.1.1.66.4": "Segmentation",
  "1.2.840.10008.5.1.4.1.1.66.7": "Label Map Segmentation",
  "1.2.840.10008.5.1.4.1.1.77.1.5.1": "Ophthalmic Photography 8 Bit Image",
  "1.2.840.10008.5.1.4.1.1.77.1.6": "VL Whole Slide Microscopy Image",
  "1.2.840.10008.5.1.4.1.1.88.11": "Basic Text SR",
  "1.2.840.10008.5.1.4.1.1.88.22": "Enhanced SR",
  "1.2.840.10008.5.1.4.1.1.88.33": "Comprehensive SR",
  "1.2.840.10008.5.1.4.1.1.88.34": "Comprehensive 3D SR",
  "1.2.840.10008.5.1.4.1.1.88.59": "Key Object Selection",
  "1.2.840.10008.5.1.4.1.1.88.67": "X-Ray Radiation Dose SR",
  "1.2.840.10008.5.1.4.1.1.104.1": "Encapsulated PDF",
  "1.2.840.10008.5.1.4.1.1.128": "Positron Emission Tomography Image",
  "1.2.840.10008.5.1.4.1.1.481.1": "RT Image",
  "1.2.840.10008.5.1.4.1.1.481.2": "RT Dose",
  "1.2.840.10008.5.1.4.1.1.481.3": "RT Structure Set",
  "1.2.840.10008.5.1.4.1.1.481.5": "RT Plan",
};

const DOCUMENTS = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.(88|104|11|481\.[35]|66|9)(\.|$)/;

export const nameOfSopClass = (uid: string): string => NAMES[uid] ?? `object of class ${uid}`;

/** Whether a class holds pixels to look at; an unknown one is asked by its pixel data. */
export const isImageClass = (uid: string): boolean => !DOCUMENTS.test(uid);
