export function buildDecoder(outfile: string, room?: string): Promise<void>;
export function localDecoder(): Promise<string>;
