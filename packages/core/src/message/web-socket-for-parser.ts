// @medplum/core extends WebSocket when it is loaded, which Node 20 does not have yet (22 does). Only its HL7 parser is
// used here, so the class need only exist.
if (!("WebSocket" in globalThis)) Object.assign(globalThis, { WebSocket: class extends EventTarget {} });
