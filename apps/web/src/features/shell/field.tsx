import { type InputHTMLAttributes, type ReactNode, type SelectHTMLAttributes, useId } from "react";

const CONTROL =
  "min-h-9 w-full rounded border border-field bg-panel px-2.5 py-1 text-ink placeholder:text-muted disabled:opacity-60";

type Labelled = { label: string; hint?: string };

function Shell({ id, label, hint, children }: Labelled & { id: string; children: ReactNode }) {
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label htmlFor={id} className="text-[0.8125rem] font-medium text-muted">
        {label}
      </label>
      {children}
      {hint ? (
        <p id={`${id}-hint`} className="text-[0.8125rem] text-muted">
          {hint}
        </p>
      ) : null}
    </div>
  );
}

export function TextField({ label, hint, ...input }: Labelled & InputHTMLAttributes<HTMLInputElement>) {
  const id = useId();
  return (
    <Shell id={id} label={label} {...(hint ? { hint } : {})}>
      <input id={id} className={CONTROL} {...(hint ? { "aria-describedby": `${id}-hint` } : {})} {...input} />
    </Shell>
  );
}

export function SelectField({
  label,
  hint,
  children,
  ...select
}: Labelled & SelectHTMLAttributes<HTMLSelectElement>) {
  const id = useId();
  return (
    <Shell id={id} label={label} {...(hint ? { hint } : {})}>
      <select id={id} className={CONTROL} {...select}>
        {children}
      </select>
    </Shell>
  );
}

type ChoiceProps<K extends string | number> = Labelled & {
  value: K;
  choices: readonly (readonly [key: K, name: string])[];
  onChoose(key: NoInfer<K>): void;
};

/** One of a few, by name. */
export function ChoiceField<K extends string | number>({
  value,
  choices,
  onChoose,
  ...shown
}: ChoiceProps<K>) {
  return (
    <SelectField
      {...shown}
      value={String(value)}
      onChange={(event) => {
        const chosen = choices.find(([key]) => String(key) === event.target.value);
        if (chosen) onChoose(chosen[0]);
      }}
    >
      {choices.map(([key, name]) => (
        <option key={key} value={key}>
          {name}
        </option>
      ))}
    </SelectField>
  );
}
