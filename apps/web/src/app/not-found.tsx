import Link from "next/link";

export default function NotFound() {
  return (
    <main className="mx-auto max-w-xl px-5 py-16">
      <h1>There is nothing here that you may see</h1>
      <p className="mt-2 text-muted">It may have moved, or it isn't for your role.</p>
      <p className="mt-4">
        <Link className="font-semibold text-accent underline" href="/worklist">
          To my list
        </Link>
      </p>
    </main>
  );
}
