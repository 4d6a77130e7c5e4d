import path from "node:path";
import { expect, test } from "@playwright/test";
import { logsSay } from "../lifecycle/logs-say-nothing.ts";
import { signIn } from "./portal.ts";

// Last by its name: the region has been used by every journey before it.
test("after all journeys no log says a name, a date of birth, a number, a UID or a token", async ({
  page,
}) => {
  await signIn(page, "Dr Rohan Patel");
  await expect(page.getByRole("row").nth(1)).toBeVisible();
  const folder = path.join(process.env.WEALD_E2E_HOME ?? "", "logs");
  expect(logsSay(folder, ["WHITAKER", "Ruth", "SYNTAX-1"])).toEqual([]);
});
