import type { Inputs } from "#features/shell/trpc.tsx";

type Line = Inputs["mdt"]["addLine"]["line"];

/** What a line needs, as a person writes it: "CT chest <= 28". Modalities in capitals and regions in words are read out of it. */
const MODALITIES = ["CT", "MR", "PT", "US", "MG", "DX", "CR", "NM", "XA"];
const REGIONS = [
  "head",
  "face",
  "neck",
  "chest",
  "breast",
  "abdomen",
  "liver",
  "pelvis",
  "whole body",
] as const;
const PATHOLOGY = /histolog|patholog|cytolog|biops/i;

export function lineFrom(text: string): Line {
  const [, label = text.trim(), days] =
    /^(.*?)(?:\s*(?:<=|≤|,)\s*(\d+)\s*(?:days?|d)?)?$/.exec(text.trim()) ?? [];
  const words = label.replace(/\bPET(-CT)?\b/g, "PT").replace(/\bMRI\b/g, "MR");
  const modalities = MODALITIES.filter((one) => new RegExp(`\\b${one}\\b`).test(words));
  const kind = PATHOLOGY.test(label) ? "pathology" : modalities.length > 0 ? "imaging" : "other";
  return {
    kind,
    label,
    modalities,
    regions: REGIONS.filter((one) => label.toLowerCase().includes(one)),
    ...(days ? { maxAgeDays: Number(days) } : {}),
  };
}
