/** What the codec packages give, as far as we use them. They come without types. */
type CodecFrame = {
  width: number;
  height: number;
  bitsPerSample: number;
  componentCount: number;
  isSigned: boolean;
  isUsingColorTransform?: boolean;
};
interface CodecDecoder {
  getEncodedBuffer(length: number): Uint8Array;
  getDecodedBuffer(): Uint8Array;
  getFrameInfo(): CodecFrame;
  decode(): void;
  delete(): void;
}
interface CodecEncoder {
  getDecodedBuffer(frame: CodecFrame): Uint8Array;
  getEncodedBuffer(): Uint8Array;
  setQuality(isLossless: boolean, quantizationStep: number): void;
  /** 2: RPCL. */
  setProgressionOrder(order: number): void;
  setDecompositions(times: number): void;
  setBlockDimensions(size: { width: number; height: number }): void;
  setTilePartDivisionsAtResolutions(isDivided: boolean): void;
  encode(): void;
  delete(): void;
}
type CodecOptions = { wasmBinary: Uint8Array };
declare module "@cornerstonejs/codec-*/wasm" {
  const wasm: Uint8Array;
  export default wasm;
}
declare module "@cornerstonejs/codec-*/decodewasm" {
  const wasm: Uint8Array;
  export default wasm;
}
declare module "@cornerstonejs/codec-openjph/wasmjs" {
  export default function load(
    options: CodecOptions,
  ): Promise<{ HTJ2KDecoder: new () => CodecDecoder; HTJ2KEncoder: new () => CodecEncoder }>;
}
declare module "@cornerstonejs/codec-openjpeg/decodewasmjs" {
  export default function load(options: CodecOptions): Promise<{ J2KDecoder: new () => CodecDecoder }>;
}
declare module "@cornerstonejs/codec-charls/decodewasmjs" {
  export default function load(
    options: CodecOptions,
  ): Promise<{ JpegLSDecoder: new () => CodecDecoder & { getInterleaveMode(): number } }>;
}
declare module "@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs" {
  export default function load(options: CodecOptions): Promise<{ JPEGDecoder: new () => CodecDecoder }>;
}
/** The decoder of dicom-image-loader for JPEG of 12 bits, which no other package has (the bundler finds it by this name). */
declare module "jpeg-12-bit" {
  export default class JpegImage {
    colorTransform: boolean;
    width: number;
    height: number;
    components: readonly unknown[];
    parse(bytes: Uint8Array): void;
    getData(width: number, height: number): Uint8Array;
    getData16(width: number, height: number): Uint16Array;
  }
}
