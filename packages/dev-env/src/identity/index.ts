export { type IdentityKeys, keysAt, makeKeys } from "./keys.ts";
export { createIdentityProvider, type IdentityOptions } from "./provider.ts";
export { gatewayToken, personToken, TokenRefused } from "./tokens.ts";
