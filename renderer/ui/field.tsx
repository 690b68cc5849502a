import {
  type ComponentProps,
  type ReactNode,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  useId,
} from "react";
import { classNames } from "./class-names.ts";

const box =
  "w-full rounded-md border border-line-strong/80 bg-sunken px-2.5 text-sm text-ink placeholder:text-faint focus-visible:outline-offset-0 disabled:opacity-60";

interface Labelled {
  readonly label: string;
  readonly hint?: ReactNode;
}

function Field({
  id,
  label,
  hint,
  children,
}: Labelled & { readonly id: string; readonly children: ReactNode }) {
  return (
    <div className="flex min-w-0 flex-1 flex-col gap-1">
      <label htmlFor={id} className="font-medium text-muted text-xs">
        {label}
      </label>
      {children}
      {hint && <p className="text-faint text-xs">{hint}</p>}
    </div>
  );
}

export function TextField({
  label,
  hint,
  isMono,
  ...rest
}: Labelled & { readonly isMono?: boolean } & ComponentProps<"input">) {
  const id = useId();
  return (
    <Field id={id} label={label} hint={hint}>
      <input
        id={id}
        autoComplete="off"
        spellCheck={false}
        className={classNames(box, "h-8", isMono && "font-mono text-xs")}
        {...rest}
      />
    </Field>
  );
}

export function TextArea({
  label,
  hint,
  isMono,
  ...rest
}: Labelled & { readonly isMono?: boolean } & TextareaHTMLAttributes<HTMLTextAreaElement>) {
  const id = useId();
  return (
    <Field id={id} label={label} hint={hint}>
      <textarea
        id={id}
        className={classNames(box, "resize-y py-2", isMono && "font-mono text-xs")}
        {...rest}
      />
    </Field>
  );
}

export function SelectField({
  label,
  hint,
  children,
  ...rest
}: Labelled & SelectHTMLAttributes<HTMLSelectElement>) {
  const id = useId();
  return (
    <Field id={id} label={label} hint={hint}>
      <select id={id} className={classNames(box, "h-8")} {...rest}>
        {children}
      </select>
    </Field>
  );
}

/** A box to tick, with what it says behind it. */
export function Checkbox({
  isChecked,
  onChange,
  className,
  children,
}: {
  readonly isChecked: boolean;
  readonly onChange: (isChecked: boolean) => void;
  readonly className?: string;
  readonly children: ReactNode;
}) {
  return (
    <label className={classNames("flex items-start gap-2", className)}>
      <input
        type="checkbox"
        className="mt-0.5 size-3.5 shrink-0 accent-(--accent-solid)"
        checked={isChecked}
        onChange={(event) => onChange(event.target.checked)}
      />
      {children}
    </label>
  );
}

/** A one-line input without a visible label, for filters and searches. */
export function BareInput({
  label,
  className,
  ...rest
}: { readonly label: string } & ComponentProps<"input">) {
  return (
    <input
      aria-label={label}
      autoComplete="off"
      spellCheck={false}
      className={classNames(box, "h-7", className)}
      {...rest}
    />
  );
}
