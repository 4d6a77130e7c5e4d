/** PackBits of one byte plane. @see DICOM PS3.5 §G.3.1 */
function packBits(plane: Uint8Array): Uint8Array {
  const out: number[] = [];
  let at = 0;
  while (at < plane.length) {
    let run = 1;
    while (run < 128 && at + run < plane.length && plane[at + run] === plane[at]) run += 1;
    if (run > 2) {
      out.push(257 - run, plane[at] ?? 0);
      at += run;
      continue;
    }
    const from = at;
    while (at - from < 128 && at < plane.length) {
      if (at + 2 < plane.length && plane[at] === plane[at + 1] && plane[at] === plane[at + 2]) break;
      at += 1;
    }
    out.push(at - from - 1, ...plane.subarray(from, at));
  }
  if (out.length % 2 === 1) out.push(0);
  return Uint8Array.from(out);
}

/** One frame of 8-bit colour by pixel, as RLE Lossless wants it: a segment for each colour. @see DICOM PS3.5 §G */
export function rleFrame(rgb: Uint8Array): Uint8Array {
  const count = rgb.length / 3;
  const segments = [0, 1, 2].map((colour) =>
    packBits(Uint8Array.from({ length: count }, (_, pixel) => rgb[pixel * 3 + colour] ?? 0)),
  );
  const header = Buffer.alloc(64);
  header.writeUInt32LE(segments.length, 0);
  let offset = 64;
  for (const [index, segment] of segments.entries()) {
    header.writeUInt32LE(offset, 4 + index * 4);
    offset += segment.length;
  }
  return Buffer.concat([header, ...segments]);
}
