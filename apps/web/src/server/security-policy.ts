/**
 * The content security policy of a page. Codecs are WebAssembly ('wasm-unsafe-eval'); nothing may be framed; the only
 * other host is the object store, to which the viewer reads and the upload writes.
 */
export function securityPolicy(nonce: string, objectUrl: string, issuer: string): string {
  const origin = (url: string) => (URL.canParse(url) ? new URL(url).origin : "");
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic' 'wasm-unsafe-eval'`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' blob: data:",
    "font-src 'self'",
    `connect-src 'self' ${origin(objectUrl)}`.trim(),
    "worker-src 'self' blob:",
    "frame-ancestors 'none'",
    `form-action 'self' ${origin(issuer)}`.trim(),
    "base-uri 'none'",
    "object-src 'none'",
  ].join("; ");
}
