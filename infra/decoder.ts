/** The program that unpacks and draws frames lies beside the functions that run it as a thread. */
export async function withDecoder(folder: string): Promise<void> {
  const { buildDecoder } = await import("../apps/lambdas/decoder-build.mjs");
  await buildDecoder(`${folder}/decoder.cjs`, `${process.cwd()}/apps/lambdas`);
}
