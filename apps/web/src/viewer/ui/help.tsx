import { KEYS } from "./keys.ts";

export function Help({ onClose }: { onClose(): void }) {
  return (
    <div className="absolute inset-0 z-20 flex items-center justify-center bg-black/70 p-4">
      <section
        role="dialog"
        aria-modal="true"
        aria-label="Keys"
        className="max-h-full w-full max-w-md overflow-auto rounded-md bg-panel p-5 text-ink"
      >
        <h2>Keys</h2>
        <dl className="mt-3 grid grid-cols-[auto_1fr] gap-x-5 gap-y-1">
          {KEYS.map(({ keys, does }) => (
            <div key={keys} className="contents">
              <dt className="font-semibold">{keys}</dt>
              <dd>{does}</dd>
            </div>
          ))}
        </dl>
        <button
          type="button"
          // biome-ignore lint/a11y/noAutofocus: a dialog takes the focus when it opens
          autoFocus
          onClick={onClose}
          className="mt-4 rounded border border-field px-3 py-1.5 font-semibold"
        >
          Close
        </button>
      </section>
    </div>
  );
}
