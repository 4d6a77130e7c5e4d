export { logoutTold } from "./compose/back-channel.ts";
export { bearerCtx } from "./compose/bearer-ctx.ts";
export { type ComposeOptions, composeService, service, systemCtx } from "./compose/compose.ts";
export { forgetComposed } from "./compose/kept.ts";
export { type Config, ConfigInvalid, configFromEnvironment } from "./config.ts";
