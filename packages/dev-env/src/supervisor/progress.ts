/** Says what is being done while it lasts, and how long it took. One line a step; on a terminal the seconds run. */
export type Progress = {
  step<T>(name: string, work: (say: (more: string) => void) => Promise<T>): Promise<T>;
};

export function progressOn(out: NodeJS.WriteStream): Progress {
  return {
    async step(name, work) {
      const began = performance.now();
      const seconds = () => ((performance.now() - began) / 1000).toFixed(1);
      let more = "";
      const redraw = () => out.write(`\r\u001b[K${name} … ${more ? `${more} ` : ""}${seconds()} s`);
      const timer = out.isTTY ? setInterval(redraw, 200) : undefined;
      if (!out.isTTY) out.write(`${name} …\n`);
      try {
        const result = await work((text) => {
          more = text;
        });
        out.write(
          out.isTTY
            ? `\r\u001b[K${name} ✓ ${more ? `${more} ` : ""}${seconds()} s\n`
            : `  ${more ? `${more} ` : ""}done, ${seconds()} s\n`,
        );
        return result;
      } catch (error) {
        out.write(out.isTTY ? `\r\u001b[K${name} ✗\n` : "  failed\n");
        throw error;
      } finally {
        clearInterval(timer);
      }
    },
  };
}
