/** Who wrote a file, as each file says it. @see DICOM PS3.7 §D.3.3.2 */
export const IMPLEMENTATION_CLASS_UID = "2.25.307208419353847192834751029384756102";
export const IMPLEMENTATION_VERSION = "WEALD_1";
