// A part whose supervisor was killed goes too, so that the next start finds its port free.
process.on("disconnect", () => process.exit(0));
// The leash alone keeps nobody from ending by itself.
process.channel?.unref();
// It holds this process; what this one starts lives by its own rules.
const at = process.execArgv.indexOf(import.meta.url);
if (at > 0) process.execArgv.splice(at - 1, 2);
