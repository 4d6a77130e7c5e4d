// A part whose supervisor was killed goes too, so that the next start finds its port free.
process.on("disconnect", () => process.exit(0));
