import type { ComponentProps } from "react";

/** A picture that this page holds already, as small as it is shown: nothing is fetched for it, and nothing made smaller on a server. */
export const BlobPicture = ({ alt, ...rest }: ComponentProps<"img"> & { alt: string }) => (
  // biome-ignore lint/performance/noImgElement: next/image fetches by the server, which never has these bytes
  <img alt={alt} {...rest} />
);
