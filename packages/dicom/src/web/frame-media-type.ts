/** Media types of a frame in a transfer syntax, today's first, then older names that clients ask by. */
const MEDIA: readonly { match: RegExp; types: readonly [string, ...string[]] }[] = [
  {
    match: /^4\.(50|51|52|53|54|55|56|57|58|59|6\d|70)$/,
    types: ["image/jpeg", "image/dicom+jpeg", "image/jll"],
  },
  { match: /^5$/, types: ["image/dicom-rle", "image/x-dicom-rle", "image/dicom+rle", "image/x-dicom+rle"] },
  { match: /^4\.(80|81)$/, types: ["image/jls", "image/x-jls", "image/dicom+jpeg-ls"] },
  { match: /^4\.(90|91)$/, types: ["image/jp2", "image/dicom+jp2"] },
  { match: /^4\.(92|93)$/, types: ["image/jpx", "image/dicom+jpx"] },
  { match: /^4\.20[123]$/, types: ["image/jphc", "image/jph"] },
  { match: /^4\.11[012]$/, types: ["image/jxl"] },
  { match: /^4\.100(\.1)?$|^4\.101(\.1)?$/, types: ["video/mpeg", "video/mpeg2"] },
  { match: /^4\.10[2-6](\.1)?$/, types: ["video/mp4"] },
  { match: /^4\.10[78]$/, types: ["video/h265", "video/mp4"] },
];

/**
 * What a stored frame may be called; `application/octet-stream` where it has no media type of its own.
 *
 * @see DICOM PS3.18 §8.7.3.3 (media types and transfer syntaxes), tables 8.7.3-4 and 8.7.3-5
 */
export function frameMediaTypes(transferSyntaxUid: string): readonly [string, ...string[]] {
  const rest = transferSyntaxUid.replace(/^1\.2\.840\.10008\.1\.2\./, "");
  return MEDIA.find(({ match }) => match.test(rest))?.types ?? ["application/octet-stream"];
}
