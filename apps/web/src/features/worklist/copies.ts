import type { Outputs } from "#features/shell/trpc.tsx";

type Copy = Outputs["study"]["open"]["copies"][number];

const images = (count: number) => (count === 1 ? "1 image" : `${count} images`);

/** Who else holds a study, and what more (clinical page §17): "Royal Surrey holds 12 images more". */
export function copyText(
  { moreThere, moreHere }: Pick<Copy, "moreThere" | "moreHere">,
  trust: string,
): string {
  if (moreThere === 0 && moreHere === 0) return `Also held by ${trust}: the same images`;
  if (moreHere === 0) return `${trust} holds ${images(moreThere)} more`;
  if (moreThere === 0) return `${trust} holds ${images(moreHere)} fewer`;
  return `${trust} holds ${images(moreThere)} that ${moreThere === 1 ? "is" : "are"} not here, and lacks ${moreHere} of these`;
}
