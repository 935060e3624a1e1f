import { type ReactNode, useEffect, useRef, useState } from "react";

interface Props {
  /** What the button shows. */
  readonly label: ReactNode;
  /** Its name, where the label is a drawing. */
  readonly name?: string;
  readonly className?: string;
  /** Side of the button at which the panel opens. */
  readonly align?: "start" | "end";
  readonly isMarked?: boolean;
  /** The panel's content; `close` puts the focus back on the button. */
  children(close: () => void): ReactNode;
}

/** A button that opens a panel beside it; Escape, a click elsewhere or leaving it with the keyboard closes it. */
export function Menu({ label, name, className = "tool", align = "start", isMarked = false, children }: Props) {
  const [isOpen, setIsOpen] = useState(false);
  const holder = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!isOpen) return;
    const away = (event: PointerEvent) => {
      if (!holder.current?.contains(event.target as Node)) setIsOpen(false);
    };
    const leave = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      setIsOpen(false);
      button.current?.focus();
    };
    const blur = ({ target }: FocusEvent) => {
      if (target instanceof Node && !holder.current?.contains(target)) setIsOpen(false);
    };
    document.addEventListener("focusin", blur);
    document.addEventListener("pointerdown", away, true);
    document.addEventListener("keydown", leave, true);
    return () => {
      document.removeEventListener("focusin", blur);
      document.removeEventListener("pointerdown", away, true);
      document.removeEventListener("keydown", leave, true);
    };
  }, [isOpen]);
  return (
    <div className="menu" ref={holder}>
      <button
        type="button"
        ref={button}
        className={className}
        aria-expanded={isOpen}
        data-marked={isMarked}
        {...(name && { "aria-label": name, title: name })}
        onClick={() => setIsOpen(!isOpen)}
      >
        {label}
      </button>
      {isOpen && (
        <div className="menu-panel" data-align={align}>
          {children(() => {
            setIsOpen(false);
            button.current?.focus();
          })}
        </div>
      )}
    </div>
  );
}
