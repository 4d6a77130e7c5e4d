// The part of dcmjs that we use: its copy of the PS3.6 dictionary.
declare module "dcmjs" {
  const dcmjs: {
    data: { DicomMetaDictionary: { nameMap: Record<string, { tag: string; vr: string; name: string }> } };
  };
  export default dcmjs;
}
