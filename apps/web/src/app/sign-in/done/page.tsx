import type { Metadata } from "next";
import { Done } from "#features/identity/done.tsx";

export const metadata: Metadata = { title: "Signed in" };

export default function SignedInAgain() {
  return (
    <main className="mx-auto max-w-xl px-5 py-16">
      <h1>Signed in</h1>
      <Done />
    </main>
  );
}
