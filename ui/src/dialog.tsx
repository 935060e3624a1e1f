import { type ReactNode, useLayoutEffect, useRef } from "react";
import { CloseIcon } from "./icons.tsx";

interface Props {
  readonly title: string;
  readonly closeName: string;
  readonly className?: string;
  readonly children: ReactNode;
  onClose(): void;
}

/** A modal dialog of the platform: it keeps the focus inside, gives it back to where it was, and closes on Escape or a click beside it. */
export function Dialog({ title, closeName, className = "", children, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const opener = document.activeElement;
    const { current } = dialog;
    current?.showModal();
    return () => {
      current?.close();
      // The element is about to go: the platform would not find the way back by itself.
      if (opener instanceof HTMLElement) queueMicrotask(() => opener.focus());
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      className={`dialog ${className}`}
      aria-label={title}
      onCancel={onClose}
      onPointerDown={(event) => {
        if (event.target === dialog.current) onClose();
      }}
    >
      <div className="dialog-box">
        <header>
          <h2>{title}</h2>
          <button type="button" className="icon-button" aria-label={closeName} title={closeName} onClick={onClose}>
            <CloseIcon />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}
