const TERMINAL_EACH_MS = 200;
const LOG_EACH_MS = 15_000;

/**
 * Says what is being done while it lasts, and how long it took. On a terminal one line a step, whose seconds run;
 * elsewhere a line now and then.
 */
export type Progress = {
  step<T>(name: string, work: (say: (more: string) => void) => Promise<T>): Promise<T>;
};

export type Screen = { isTTY?: boolean; write(text: string): unknown };

export function progressOn(out: Screen): Progress {
  return {
    async step(name, work) {
      const began = performance.now();
      const seconds = () => ((performance.now() - began) / 1000).toFixed(1);
      let more = "";
      const now = () => `${more ? `${more}, ` : ""}${seconds()} s`;
      const redraw = () => out.write(out.isTTY ? `\r\u001b[K${name} … ${now()}` : `  … ${now()}\n`);
      const timer = setInterval(redraw, out.isTTY ? TERMINAL_EACH_MS : LOG_EACH_MS);
      if (!out.isTTY) out.write(`${name} …\n`);
      try {
        const result = await work((text) => {
          more = text;
        });
        out.write(out.isTTY ? `\r\u001b[K${name} ✓ ${now()}\n` : `  done: ${now()}\n`);
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
