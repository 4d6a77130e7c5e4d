declare module "xmlhttprequest-ssl" {
  export const XMLHttpRequest: new () => globalThis.XMLHttpRequest;
}
