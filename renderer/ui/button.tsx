import { type ButtonHTMLAttributes, type ReactNode, useEffect, useState } from "react";
import { classNames } from "./class-names.ts";

type Kind = "plain" | "primary" | "danger" | "ghost";

const kinds: Readonly<Record<Kind, string>> = {
  plain: "border-line-strong/70 bg-raised text-ink hover:bg-hover",
  primary: "border-transparent bg-accent-solid text-on-accent hover:brightness-110",
  danger: "border-bad/45 bg-bad/8 text-bad hover:bg-bad/15",
  ghost: "border-transparent text-muted hover:bg-hover hover:text-ink",
};

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly kind?: Kind;
  readonly isSmall?: boolean;
  readonly icon?: ReactNode;
}

export function Button({
  kind = "plain",
  isSmall,
  icon,
  className,
  children,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      className={classNames(
        "inline-flex shrink-0 items-center justify-center gap-1.5 whitespace-nowrap rounded-md border font-medium transition-colors",
        "disabled:pointer-events-none disabled:opacity-45",
        isSmall ? "h-6 px-2 text-xs" : "h-7.5 px-3 text-sm",
        kinds[kind],
        className,
      )}
      {...rest}
    >
      {icon}
      {children}
    </button>
  );
}

interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** Its accessible name and its tooltip. */
  readonly label: string;
  readonly isPressed?: boolean;
  readonly isSmall?: boolean;
}

export function IconButton({
  label,
  isPressed,
  isSmall,
  className,
  children,
  ...rest
}: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      aria-pressed={isPressed}
      className={classNames(
        "inline-flex shrink-0 items-center justify-center rounded text-muted transition-colors hover:bg-hover hover:text-ink",
        "disabled:pointer-events-none disabled:opacity-40",
        isSmall ? "size-5.5" : "size-7.5",
        isPressed && "bg-hover text-accent",
        className,
      )}
      {...rest}
    >
      {children}
    </button>
  );
}

/** How long a first press stays armed. */
const ARMED_MS = 4_000;

/** For what cannot be taken back: the first press arms, a second one within four seconds acts. */
export function useSecondPress(act: () => void) {
  const [isArmed, setIsArmed] = useState(false);
  useEffect(() => {
    if (!isArmed) return;
    const timer = setTimeout(() => setIsArmed(false), ARMED_MS);
    return () => clearTimeout(timer);
  }, [isArmed]);
  const press = () => {
    setIsArmed(!isArmed);
    if (isArmed) act();
  };
  return { isArmed, press };
}

export function ConfirmButton({
  onConfirm,
  confirmText,
  children,
  ...rest
}: ButtonProps & { readonly onConfirm: () => void; readonly confirmText: string }) {
  const { isArmed, press } = useSecondPress(onConfirm);
  return (
    <Button {...rest} kind={isArmed ? "danger" : (rest.kind ?? "plain")} onClick={press}>
      {isArmed ? confirmText : children}
    </Button>
  );
}
