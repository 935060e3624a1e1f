import { Dialog as Base } from "@base-ui/react/dialog";
import type { ReactNode, RefObject } from "react";
import { CloseIcon } from "./icons.tsx";

interface Props {
  readonly title: string;
  readonly closeName: string;
  readonly className?: string;
  /** What has the focus at first; else the first thing in it that can. */
  readonly initialFocus?: RefObject<HTMLElement | null>;
  readonly children: ReactNode;
  onClose(): void;
}

/** A modal dialog: it keeps the focus inside, gives it back to where it was, and closes on Escape or a click beside it. */
export function Dialog({ title, closeName, className = "", initialFocus, children, onClose }: Props) {
  return (
    <Base.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="dialog-backdrop" />
        <Base.Popup className={`dialog ${className}`} {...(initialFocus && { initialFocus })}>
          <div className="dialog-box">
            <header>
              <Base.Title>{title}</Base.Title>
              <Base.Close className="icon-button" aria-label={closeName}>
                <CloseIcon />
              </Base.Close>
            </header>
            {children}
          </div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
