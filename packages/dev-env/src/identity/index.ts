export { accountIdOf } from "./claims.ts";
export { type IdentityKeys, keysAt, makeKeys } from "./keys.ts";
export { createIdentityProvider, type IdentityOptions } from "./provider.ts";
export { clientToken, gatewayToken, keptToken, personToken, systemToken, TokenRefused } from "./tokens.ts";
