export function buildDecoder(outfile: string): Promise<void>;
export function localDecoder(): Promise<string>;
