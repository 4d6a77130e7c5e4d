import encodeQR from "qr";

/** Squares of white around it, without which cameras don't find it (ISO/IEC 18004). */
const QUIET = 4;

/** Drawn here: no address of a link goes to anybody who draws pictures of addresses. Black on white in both themes, as cameras want it. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const rows = encodeQR(text, "raw", { ecc: "medium", border: QUIET });
  const side = rows.length;
  const path = rows
    .flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])))
    .join("");
  return (
    <svg role="img" aria-label={label} viewBox={`0 0 ${side} ${side}`} className="size-64 rounded bg-white">
      <path d={path} fill="#000" shapeRendering="crispEdges" />
    </svg>
  );
}
