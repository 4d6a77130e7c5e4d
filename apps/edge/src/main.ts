import { readConfig } from "./config.ts";
import { startGateway } from "./gateway.ts";
import { logToStandardOutput as log } from "./log.ts";

const hasCode = (error: unknown): error is Error & { code: unknown } =>
  error instanceof Error && "code" in error;

try {
  const gateway = await startGateway(readConfig(process.env), log);
  const end = () => {
    gateway.stop().then(
      () => process.exit(),
      () => process.exit(1),
    );
  };
  process.once("SIGTERM", end).once("SIGINT", end);
} catch (error) {
  // One line for whoever starts it; the code for whoever looks it up.
  const [code, why] = hasCode(error) ? [String(error.code), error.message] : ["INTERNAL", String(error)];
  log({ level: "error", event: "gateway.not-started", code });
  console.error(why);
  process.exitCode = 1;
}
