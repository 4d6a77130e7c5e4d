import { z } from "zod";
import { defineAction } from "../kernel/index.ts";
import { signedIn } from "./organisation.policy.ts";
import { readOrganisations } from "./organisation.store.ts";

export const list = defineAction({
  name: "organisation.list",
  display: "of-its-list",
  input: z.object({}),
  policy: signedIn,
  load: async () => null,
  run: (tx) => readOrganisations(tx),
  audit: { how: "none" },
});
