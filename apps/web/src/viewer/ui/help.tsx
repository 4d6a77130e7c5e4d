import { KEYS, keysText, type OwnKeys } from "./keys.ts";

type Props = { own: OwnKeys; onKey(id: string, letter: string): void; onClose(): void };

export function Help({ own, onKey, onClose }: Props) {
  return (
    <div className="absolute inset-0 z-20 flex items-center justify-center bg-black/70 p-4">
      <section
        role="dialog"
        aria-modal="true"
        aria-label="Keys"
        className="max-h-full w-full max-w-md overflow-auto rounded-md bg-panel p-5 text-ink"
      >
        <h2>Keys</h2>
        <p className="text-sm text-muted">Type a letter in a field to choose another. It is kept for you.</p>
        <dl className="mt-3 grid grid-cols-[auto_1fr_auto] gap-x-5 gap-y-1">
          {KEYS.map((line) => (
            <div key={line.does} className="contents">
              <dt className="font-semibold">{keysText(line, own)}</dt>
              <dd>{line.does}</dd>
              {line.id ? (
                <dd>
                  <input
                    aria-label={`Another key for: ${line.does}`}
                    className="w-8 rounded border border-field bg-panel px-1 text-center"
                    maxLength={1}
                    value=""
                    placeholder="…"
                    onChange={({ target }) => line.id && onKey(line.id, target.value.toLowerCase())}
                  />
                </dd>
              ) : (
                <dd />
              )}
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
