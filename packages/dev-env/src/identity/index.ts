export { accountIdOf } from "./claims.ts";
export { type IdentityKeys, keysAt, makeKeys } from "./keys.ts";
export { createIdentityProvider, type IdentityOptions } from "./provider.ts";
export { clientToken, gatewayToken, personToken, systemToken, TokenRefused } from "./tokens.ts";
